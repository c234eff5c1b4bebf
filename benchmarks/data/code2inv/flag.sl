; open = 0; calls = 0; while (unknown()) { if (open == 0) open = 1; else open = 0; calls++; } assert(open >= 0 && open <= 1);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((open Int) (calls Int) (open_0 Int) (open_1 Int) (open_2 Int) (open_3 Int) (open_4 Int) (calls_0 Int) (calls_1 Int) (calls_2 Int) (calls_3 Int) (calls_4 Int)))

(define-fun pre-f ((open Int) (calls Int) (open_0 Int) (open_1 Int) (open_2 Int) (open_3 Int) (open_4 Int) (calls_0 Int) (calls_1 Int) (calls_2 Int) (calls_3 Int) (calls_4 Int)) Bool
  (and (= open open_0) (= calls calls_0) (= open_0 0) (= calls_0 0)))

(define-fun trans-f ((open Int) (calls Int) (open_0 Int) (open_1 Int) (open_2 Int) (open_3 Int) (open_4 Int) (calls_0 Int) (calls_1 Int) (calls_2 Int) (calls_3 Int) (calls_4 Int)
                  (open! Int) (calls! Int) (open_0! Int) (open_1! Int) (open_2! Int) (open_3! Int) (open_4! Int) (calls_0! Int) (calls_1! Int) (calls_2! Int) (calls_3! Int) (calls_4! Int)) Bool
  (or
    (and (= open_1 open) (= calls_1 calls) (= open_1 open!) (= calls_1 calls!) (= open open!) (= calls calls!))
    (and (= open_1 open) (= calls_1 calls) (= open_1 0) (= open_2 1) (= calls_2 (+ calls_1 1)) (= open_4 open_2) (= calls_4 calls_2) (= open_4 open!) (= calls_4 calls!))
    (and (= open_1 open) (= calls_1 calls) (not (= open_1 0)) (= open_3 0) (= calls_3 (+ calls_1 1)) (= open_4 open_3) (= calls_4 calls_3) (= open_4 open!) (= calls_4 calls!))))

(define-fun post-f ((open Int) (calls Int) (open_0 Int) (open_1 Int) (open_2 Int) (open_3 Int) (open_4 Int) (calls_0 Int) (calls_1 Int) (calls_2 Int) (calls_3 Int) (calls_4 Int)) Bool
  (or (not (and (= open open_1) (= calls calls_1))) (not (not (and (>= open_1 0) (<= open_1 1))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
