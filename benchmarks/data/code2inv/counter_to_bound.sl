; x = 0; while (x < 100) x = x + 1; assert(x == 100);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((x Int) (x_0 Int) (x_1 Int) (x_2 Int)))

(define-fun pre-f ((x Int) (x_0 Int) (x_1 Int) (x_2 Int)) Bool
  (and (= x x_0) (= x_0 0)))

(define-fun trans-f ((x Int) (x_0 Int) (x_1 Int) (x_2 Int)
                  (x! Int) (x_0! Int) (x_1! Int) (x_2! Int)) Bool
  (or
    (and (= x_1 x) (= x_1 x!) (= x x!))
    (and (= x_1 x) (< x_1 100) (= x_2 (+ x_1 1)) (= x_2 x!))))

(define-fun post-f ((x Int) (x_0 Int) (x_1 Int) (x_2 Int)) Bool
  (or (not (= x x_1)) (not (and (not (< x_1 100)) (not (= x_1 100))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
