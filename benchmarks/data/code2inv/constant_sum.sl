; assume(n >= 0); x = n; y = 0; while (x > 0) { x--; y++; } assert(y == n);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (y Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (y_2 Int) (n_0 Int)))

(define-fun pre-f ((x Int) (y Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (y_2 Int) (n_0 Int)) Bool
  (and (= x x_0) (= y y_0) (= n n_0) (>= n_0 0) (= x_0 n_0) (= y_0 0)))

(define-fun trans-f ((x Int) (y Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (y_2 Int) (n_0 Int)
                  (x! Int) (y! Int) (n! Int) (x_0! Int) (x_1! Int) (x_2! Int) (y_0! Int) (y_1! Int) (y_2! Int) (n_0! Int)) Bool
  (or
    (and (= x_1 x) (= y_1 y) (= x_1 x!) (= y_1 y!) (= n n_0) (= n! n_0) (= x x!) (= y y!))
    (and (= x_1 x) (= y_1 y) (> x_1 0) (= x_2 (- x_1 1)) (= y_2 (+ y_1 1)) (= x_2 x!) (= y_2 y!) (= n n_0) (= n! n_0))))

(define-fun post-f ((x Int) (y Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (y_0 Int) (y_1 Int) (y_2 Int) (n_0 Int)) Bool
  (or (not (and (= x x_1) (= y y_1) (= n n_0))) (not (and (not (> x_1 0)) (not (= y_1 n_0))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
