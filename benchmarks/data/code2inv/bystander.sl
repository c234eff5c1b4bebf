; z = 3; x = 1; while (unknown()) { x = x + y; y = y - 1; } assert(z == 3);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (y Int) (z Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (z_0 Int) (z_1 Int)))

(define-fun pre-f ((x Int) (y Int) (z Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (z_0 Int) (z_1 Int)) Bool
  (and (= x x_0) (= z z_0) (= z_0 3) (= x_0 1)))

(define-fun trans-f ((x Int) (y Int) (z Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (z_0 Int) (z_1 Int)
                  (x! Int) (y! Int) (z! Int) (x_0! Int) (x_1! Int) (x_2! Int) (y_0! Int) (y_1! Int) (z_0! Int) (z_1! Int)) Bool
  (or
    (and (= x_1 x) (= y_0 y) (= z_1 z) (= x_1 x!) (= y_0 y!) (= z_1 z!) (= x x!) (= y y!) (= z z!))
    (and (= x_1 x) (= y_0 y) (= z_1 z) (= x_2 (+ x_1 y_0)) (= y_1 (- y_0 1)) (= x_2 x!) (= y_1 y!) (= z_1 z!))))

(define-fun post-f ((x Int) (y Int) (z Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (z_0 Int) (z_1 Int)) Bool
  (or (not (and (= x x_1) (= y y_0) (= z z_1))) (not (not (= z_1 3)))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
