; x = 0; y = 30; while (x < 80) { if (x >= 30) y++; x++; } assert(y == 80);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (y Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (y_0 Int) (y_1 Int) (y_2 Int) (y_3 Int)))

(define-fun pre-f ((x Int) (y Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (y_0 Int) (y_1 Int) (y_2 Int) (y_3 Int)) Bool
  (and (= x x_0) (= y y_0) (= x_0 0) (= y_0 30)))

(define-fun trans-f ((x Int) (y Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (y_0 Int) (y_1 Int) (y_2 Int) (y_3 Int)
                  (x! Int) (y! Int) (x_0! Int) (x_1! Int) (x_2! Int) (x_3! Int) (x_4! Int) (y_0! Int) (y_1! Int) (y_2! Int) (y_3! Int)) Bool
  (or
    (and (= x_1 x) (= y_1 y) (= x_1 x!) (= y_1 y!) (= x x!) (= y y!))
    (and (= x_1 x) (= y_1 y) (< x_1 80) (>= x_1 30) (= y_2 (+ y_1 1)) (= x_2 (+ x_1 1)) (= x_4 x_2) (= y_3 y_2) (= x_4 x!) (= y_3 y!))
    (and (= x_1 x) (= y_1 y) (< x_1 80) (not (>= x_1 30)) (= x_3 (+ x_1 1)) (= x_4 x_3) (= y_3 y_1) (= x_4 x!) (= y_3 y!))))

(define-fun post-f ((x Int) (y Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (y_0 Int) (y_1 Int) (y_2 Int) (y_3 Int)) Bool
  (or (not (and (= x x_1) (= y y_1))) (not (and (not (< x_1 80)) (not (= y_1 80))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
