; made = 0; sold = 0; stock = 0; while (unknown()) { if (unknown()) { made++; stock++; } else if (stock > 0) { sold++; stock--; } } assert(sold <= made);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((made Int) (sold Int) (stock Int) (made_0 Int) (made_1 Int) (made_2 Int) (made_3 Int) (sold_0 Int) (sold_1 Int) (sold_2 Int) (sold_3 Int) (stock_0 Int) (stock_1 Int) (stock_2 Int) (stock_3 Int) (stock_4 Int)))

(define-fun pre-f ((made Int) (sold Int) (stock Int) (made_0 Int) (made_1 Int) (made_2 Int) (made_3 Int) (sold_0 Int) (sold_1 Int) (sold_2 Int) (sold_3 Int) (stock_0 Int) (stock_1 Int) (stock_2 Int) (stock_3 Int) (stock_4 Int)) Bool
  (and (= made made_0) (= sold sold_0) (= stock stock_0) (= made_0 0) (= sold_0 0) (= stock_0 0)))

(define-fun trans-f ((made Int) (sold Int) (stock Int) (made_0 Int) (made_1 Int) (made_2 Int) (made_3 Int) (sold_0 Int) (sold_1 Int) (sold_2 Int) (sold_3 Int) (stock_0 Int) (stock_1 Int) (stock_2 Int) (stock_3 Int) (stock_4 Int)
                  (made! Int) (sold! Int) (stock! Int) (made_0! Int) (made_1! Int) (made_2! Int) (made_3! Int) (sold_0! Int) (sold_1! Int) (sold_2! Int) (sold_3! Int) (stock_0! Int) (stock_1! Int) (stock_2! Int) (stock_3! Int) (stock_4! Int)) Bool
  (or
    (and (= made_1 made) (= sold_1 sold) (= stock_1 stock) (= made_1 made!) (= sold_1 sold!) (= stock_1 stock!) (= made made!) (= sold sold!) (= stock stock!))
    (and (= made_1 made) (= sold_1 sold) (= stock_1 stock) (= made_2 (+ made_1 1)) (= stock_2 (+ stock_1 1)) (= made_3 made_2) (= sold_3 sold_1) (= stock_4 stock_2) (= made_3 made!) (= sold_3 sold!) (= stock_4 stock!))
    (and (= made_1 made) (= sold_1 sold) (= stock_1 stock) (> stock_1 0) (= sold_2 (+ sold_1 1)) (= stock_3 (- stock_1 1)) (= made_3 made_1) (= sold_3 sold_2) (= stock_4 stock_3) (= made_3 made!) (= sold_3 sold!) (= stock_4 stock!))
    (and (= made_1 made) (= sold_1 sold) (= stock_1 stock) (not (> stock_1 0)) (= made_3 made_1) (= sold_3 sold_1) (= stock_4 stock_1) (= made_3 made!) (= sold_3 sold!) (= stock_4 stock!))))

(define-fun post-f ((made Int) (sold Int) (stock Int) (made_0 Int) (made_1 Int) (made_2 Int) (made_3 Int) (sold_0 Int) (sold_1 Int) (sold_2 Int) (sold_3 Int) (stock_0 Int) (stock_1 Int) (stock_2 Int) (stock_3 Int) (stock_4 Int)) Bool
  (or (not (and (= made made_1) (= sold sold_1) (= stock stock_1))) (not (not (<= sold_1 made_1)))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
