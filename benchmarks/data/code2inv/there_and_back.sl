; x = 0; up = 1; while (unknown()) { if (up == 1) { x++; if (x == 10) up = 0; } else { x--; if (x == 0) up = 1; } } assert(0 <= x && x <= 10);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (up Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (x_5 Int) (x_6 Int) (up_0 Int) (up_1 Int) (up_2 Int) (up_3 Int) (up_4 Int)))

(define-fun pre-f ((x Int) (up Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (x_5 Int) (x_6 Int) (up_0 Int) (up_1 Int) (up_2 Int) (up_3 Int) (up_4 Int)) Bool
  (and (= x x_0) (= up up_0) (= x_0 0) (= up_0 1)))

(define-fun trans-f ((x Int) (up Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (x_5 Int) (x_6 Int) (up_0 Int) (up_1 Int) (up_2 Int) (up_3 Int) (up_4 Int)
                  (x! Int) (up! Int) (x_0! Int) (x_1! Int) (x_2! Int) (x_3! Int) (x_4! Int) (x_5! Int) (x_6! Int) (up_0! Int) (up_1! Int) (up_2! Int) (up_3! Int) (up_4! Int)) Bool
  (or
    (and (= x_1 x) (= up_1 up) (= x_1 x!) (= up_1 up!) (= x x!) (= up up!))
    (and (= x_1 x) (= up_1 up) (= up_1 1) (= x_2 (+ x_1 1)) (= x_2 10) (= up_2 0) (= x_6 x_2) (= up_4 up_2) (= x_6 x!) (= up_4 up!))
    (and (= x_1 x) (= up_1 up) (= up_1 1) (= x_3 (+ x_1 1)) (not (= x_3 10)) (= x_6 x_3) (= up_4 up_1) (= x_6 x!) (= up_4 up!))
    (and (= x_1 x) (= up_1 up) (not (= up_1 1)) (= x_4 (- x_1 1)) (= x_4 0) (= up_3 1) (= x_6 x_4) (= up_4 up_3) (= x_6 x!) (= up_4 up!))
    (and (= x_1 x) (= up_1 up) (not (= up_1 1)) (= x_5 (- x_1 1)) (not (= x_5 0)) (= x_6 x_5) (= up_4 up_1) (= x_6 x!) (= up_4 up!))))

(define-fun post-f ((x Int) (up Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (x_5 Int) (x_6 Int) (up_0 Int) (up_1 Int) (up_2 Int) (up_3 Int) (up_4 Int)) Bool
  (or (not (and (= x x_1) (= up up_1))) (not (not (and (<= 0 x_1) (<= x_1 10))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
