; a = 3; b = 7; while (unknown()) { t = a; a = b; b = t; } assert(a + b == 10);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((a Int) (b Int) (t Int) (a_0 Int) (a_1 Int) (a_2 Int) (b_0 Int) (b_1 Int) (b_2 Int) (t_0 Int) (t_1 Int)))

(define-fun pre-f ((a Int) (b Int) (t Int) (a_0 Int) (a_1 Int) (a_2 Int) (b_0 Int) (b_1 Int) (b_2 Int) (t_0 Int) (t_1 Int)) Bool
  (and (= a a_0) (= b b_0) (= a_0 3) (= b_0 7)))

(define-fun trans-f ((a Int) (b Int) (t Int) (a_0 Int) (a_1 Int) (a_2 Int) (b_0 Int) (b_1 Int) (b_2 Int) (t_0 Int) (t_1 Int)
                  (a! Int) (b! Int) (t! Int) (a_0! Int) (a_1! Int) (a_2! Int) (b_0! Int) (b_1! Int) (b_2! Int) (t_0! Int) (t_1! Int)) Bool
  (or
    (and (= a_1 a) (= b_1 b) (= t_0 t) (= a_1 a!) (= b_1 b!) (= t_0 t!) (= a a!) (= b b!) (= t t!))
    (and (= a_1 a) (= b_1 b) (= t_0 t) (= t_1 a_1) (= a_2 b_1) (= b_2 t_1) (= a_2 a!) (= b_2 b!) (= t_1 t!))))

(define-fun post-f ((a Int) (b Int) (t Int) (a_0 Int) (a_1 Int) (a_2 Int) (b_0 Int) (b_1 Int) (b_2 Int) (t_0 Int) (t_1 Int)) Bool
  (or (not (and (= a a_1) (= b b_1) (= t t_0))) (not (not (= (+ a_1 b_1) 10)))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
