; assume(n >= 0); x = 0; i = 0; while (i < n) { x = x + 3; i++; } assert(x == 3 * n);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (i Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)))

(define-fun pre-f ((x Int) (i Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)) Bool
  (and (= x x_0) (= i i_0) (= n n_0) (>= n_0 0) (= x_0 0) (= i_0 0)))

(define-fun trans-f ((x Int) (i Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)
                  (x! Int) (i! Int) (n! Int) (x_0! Int) (x_1! Int) (x_2! Int) (i_0! Int) (i_1! Int) (i_2! Int) (n_0! Int)) Bool
  (or
    (and (= x_1 x) (= i_1 i) (= x_1 x!) (= i_1 i!) (= n n_0) (= n! n_0) (= x x!) (= i i!))
    (and (= x_1 x) (= i_1 i) (< i_1 n_0) (= x_2 (+ x_1 3)) (= i_2 (+ i_1 1)) (= x_2 x!) (= i_2 i!) (= n n_0) (= n! n_0))))

(define-fun post-f ((x Int) (i Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)) Bool
  (or (not (and (= x x_1) (= i i_1) (= n n_0))) (not (and (not (< i_1 n_0)) (not (= x_1 (* 3 n_0)))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
