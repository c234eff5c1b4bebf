; assume(n >= 0); x = 0; hits = 0; while (x < n) { x++; if (unknown()) hits++; } assert(hits <= n);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (hits Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (hits_0 Int) (hits_1 Int) (hits_2 Int) (hits_3 Int) (n_0 Int)))

(define-fun pre-f ((x Int) (hits Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (hits_0 Int) (hits_1 Int) (hits_2 Int) (hits_3 Int) (n_0 Int)) Bool
  (and (= x x_0) (= hits hits_0) (= n n_0) (>= n_0 0) (= x_0 0) (= hits_0 0)))

(define-fun trans-f ((x Int) (hits Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (hits_0 Int) (hits_1 Int) (hits_2 Int) (hits_3 Int) (n_0 Int)
                  (x! Int) (hits! Int) (n! Int) (x_0! Int) (x_1! Int) (x_2! Int) (x_3! Int) (x_4! Int) (hits_0! Int) (hits_1! Int) (hits_2! Int) (hits_3! Int) (n_0! Int)) Bool
  (or
    (and (= x_1 x) (= hits_1 hits) (= x_1 x!) (= hits_1 hits!) (= n n_0) (= n! n_0) (= x x!) (= hits hits!))
    (and (= x_1 x) (= hits_1 hits) (< x_1 n_0) (= x_2 (+ x_1 1)) (= hits_2 (+ hits_1 1)) (= x_4 x_2) (= hits_3 hits_2) (= x_4 x!) (= hits_3 hits!) (= n n_0) (= n! n_0))
    (and (= x_1 x) (= hits_1 hits) (< x_1 n_0) (= x_3 (+ x_1 1)) (= x_4 x_3) (= hits_3 hits_1) (= x_4 x!) (= hits_3 hits!) (= n n_0) (= n! n_0))))

(define-fun post-f ((x Int) (hits Int) (n Int) (x_0 Int) (x_1 Int) (x_2 Int) (x_3 Int) (x_4 Int) (hits_0 Int) (hits_1 Int) (hits_2 Int) (hits_3 Int) (n_0 Int)) Bool
  (or (not (and (= x x_1) (= hits hits_1) (= n n_0))) (not (and (not (< x_1 n_0)) (not (<= hits_1 n_0))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
