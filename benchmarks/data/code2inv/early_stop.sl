; i = 0; found = 0; while (i < n && found == 0) { if (unknown()) found = 1; else i++; } assert(found == 1 || i >= n);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((i Int) (found Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (found_0 Int) (found_1 Int) (found_2 Int) (found_3 Int) (n_0 Int)))

(define-fun pre-f ((i Int) (found Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (found_0 Int) (found_1 Int) (found_2 Int) (found_3 Int) (n_0 Int)) Bool
  (and (= i i_0) (= found found_0) (= i_0 0) (= found_0 0)))

(define-fun trans-f ((i Int) (found Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (found_0 Int) (found_1 Int) (found_2 Int) (found_3 Int) (n_0 Int)
                  (i! Int) (found! Int) (n! Int) (i_0! Int) (i_1! Int) (i_2! Int) (i_3! Int) (found_0! Int) (found_1! Int) (found_2! Int) (found_3! Int) (n_0! Int)) Bool
  (or
    (and (= i_1 i) (= found_1 found) (= i_1 i!) (= found_1 found!) (= n n_0) (= n! n_0) (= i i!) (= found found!))
    (and (= i_1 i) (= found_1 found) (and (< i_1 n_0) (= found_1 0)) (= found_2 1) (= i_3 i_1) (= found_3 found_2) (= i_3 i!) (= found_3 found!) (= n n_0) (= n! n_0))
    (and (= i_1 i) (= found_1 found) (and (< i_1 n_0) (= found_1 0)) (= i_2 (+ i_1 1)) (= i_3 i_2) (= found_3 found_1) (= i_3 i!) (= found_3 found!) (= n n_0) (= n! n_0))))

(define-fun post-f ((i Int) (found Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (found_0 Int) (found_1 Int) (found_2 Int) (found_3 Int) (n_0 Int)) Bool
  (or (not (and (= i i_1) (= found found_1) (= n n_0))) (not (and (not (and (< i_1 n_0) (= found_1 0))) (not (or (= found_1 1) (>= i_1 n_0)))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
