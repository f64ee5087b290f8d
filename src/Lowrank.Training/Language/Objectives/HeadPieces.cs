namespace Lowrank.Training;

/// <summary>Runs a head over rows piece by piece, and keeps of each piece's logits a few numbers a row.</summary>
/// <remarks>
/// A log-probability depends on its own row alone, so that its gradient is one vector a row. It is taken at once, while the piece's logits
/// are there: nothing of the vocabulary's size waits for the backward pass, and the head's product is not made again. Where the head
/// itself learns, pieces are computed again instead.
/// </remarks>
sealed class HeadPieces(Func<Tensor, Tensor> head, TokenQuestion question)
{
    // float32
    const long LogitsAtOnce = 1 << 23;

    /// <summary>Log-probability, entropy, mean logit, log Σ p² and likeliest of each row, (N); null where not asked.</summary>
    /// <param name="rows">(N, C).</param>
    /// <param name="targets">(N), int64.</param>
    /// <param name="headLearns">Whether the head's parameters are trained; null has it looked at.</param>
    public Tensor?[] Numbers(Tensor rows, Tensor targets, bool? headLearns)
    {
        long count = rows.shape[0];
        if (count == 0) return [.. IsAsked().Select(asked => asked ? rows.sum(1).to(ScalarType.Float32) : null)];
        bool recorded = is_grad_enabled();
        var (width, learns) = Look(rows, recorded && headLearns != false);
        bool again = recorded && (learns || question.EntropyLearns);
        long most = Math.Max(1, LogitsAtOnce / width);
        var pieces = new List<Tensor?[]>();
        for (long first = 0; first < count; first += most)
        {
            long length = Math.Min(most, count - first);
            var (piece, target) = (rows.narrow(0, first, length), targets.narrow(0, first, length));
            pieces.Add(again ? Again(piece, target) : AtOnce(piece, target, recorded && rows.requires_grad));
        }
        return [.. IsAsked().Select((asked, which) => asked ? cat([.. pieces.Select(piece => piece[which]!)], 0) : null)];
    }

    bool[] IsAsked() => [true, question.Entropy, question.MeanLogits, question.LogSquares, question.Likeliest];

    // The head's width, and whether what it gives has a history of its own.
    (long Width, bool Learns) Look(Tensor rows, bool looks)
    {
        using var scope = NewDisposeScope();
        using var grad = set_grad_enabled(looks);
        var logits = Logits(rows.narrow(0, 0, 1).detach());
        return (logits.shape[1], logits.requires_grad);
    }

    Tensor Logits(Tensor rows) => head(question.WideHead ? rows.to(ScalarType.Float32) : rows);

    Tensor?[] AtOnce(Tensor piece, Tensor target, bool goesBack)
    {
        using var scope = NewDisposeScope();
        var leaf = piece.detach().requires_grad_(goesBack);
        using var recording = set_grad_enabled(goesBack);
        var logits = Logits(leaf);
        using var still = no_grad();
        var (numbers, shares) = Told(logits, target, asksShares: goesBack);
        if (goesBack)
        {
            using var again = enable_grad();
            var slopes = autograd.grad([logits], [leaf], [Slope(shares!, target).to(logits.dtype)])[0];
            numbers[0] = RowGradients.Run(piece, numbers[0]!, slopes);
        }
        foreach (var one in numbers) if (one is not null) scope.MoveToOuter(one);
        return numbers;
    }

    // All numbers of a piece in one tensor, which a checkpoint can give back.
    Tensor?[] Again(Tensor piece, Tensor target)
    {
        var told = Checkpoint.Run(given =>
        {
            using var scope = NewDisposeScope();
            var (numbers, _) = Told(Logits(given[0]), given[1], asksShares: false);
            return scope.MoveToOuter(stack([.. numbers.OfType<Tensor>()], 1));
        }, piece, target);
        int next = 0;
        Tensor?[] split = [.. IsAsked().Select(asked => asked ? told.select(1, next++) : null)];
        for (int which = 1; which < split.Length; which++)
            if (which != 1 || !question.EntropyLearns) split[which] = split[which]?.detach();
        return split;
    }

    // The numbers, and where asked for each token's share of the probability, which is the caller's to change.
    (Tensor?[] Numbers, Tensor? Shares) Told(Tensor logits, Tensor target, bool asksShares)
    {
        var wide = question.OwnDtype ? logits : logits.to(ScalarType.Float32);   // (n, vocabulary)
        var logs = wide.log_softmax(1);
        var value = Value(wide, logs, target.unsqueeze(1)).squeeze(1);
        if (question.Smoothing > 0) value = value * (1 - question.Smoothing) + logs.mean([1]) * question.Smoothing;
        var shares = asksShares || question.Entropy || question.LogSquares ? logs.exp() : null;
        return ([
            value,
            question.Entropy ? -Products(shares!, logs) : null,
            question.MeanLogits ? wide.mean([1]) : null,
            question.LogSquares ? Products(shares!, shares!).log() : null,
            question.Likeliest ? logs.argmax(1).eq(target).to(logs.dtype) : null,
        ], shares);
    }

    // Σ a·b of each row, without a third tensor of the vocabulary's size.
    static Tensor Products(Tensor a, Tensor b) => a.unsqueeze(1).bmm(b.unsqueeze(2)).reshape(-1);

    // TRL's two ways in the logits' own dtype: with many bits log Σ exp is taken off, which at p near 1 is the worse one.
    Tensor Value(Tensor logits, Tensor logs, Tensor target)
    {
        bool takesOff = question.OwnDtype && logits.dtype is ScalarType.Float32 or ScalarType.Float64;
        return takesOff ? logits.gather(1, target) - logits.logsumexp(1, keepdim: true) : logs.gather(1, target);
    }

    // By how much a row's number changes with its logits, in the memory of the shares.
    Tensor Slope(Tensor shares, Tensor target)
    {
        var slope = shares.neg_();
        if (question.Smoothing > 0) slope.add_(question.Smoothing / shares.shape[1]);
        var own = full([target.shape[0], 1], 1 - question.Smoothing, slope.dtype, slope.device);
        return slope.scatter_add_(1, target.unsqueeze(1), own);
    }
}
