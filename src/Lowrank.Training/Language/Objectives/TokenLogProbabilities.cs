namespace Lowrank.Training;

/// <summary>What a model held of the tokens of rows: number t of a row is of token t + 1, or where the question was of places themselves,
/// of the T labels there.</summary>
/// <remarks>Zero where a token was not asked. The tensors belong to the scope that was open when they were made.</remarks>
/// <param name="Values">Natural log-probabilities (B, T − 1) with their history, float32 or the logits' own dtype.</param>
/// <param name="Counted">Which tokens' labels count, (B, T − 1), bool.</param>
public sealed record TokenLogProbabilities(Tensor Values, Tensor Counted)
{
    /// <summary>Entropies (B, T − 1), where asked for.</summary>
    public Tensor? Entropies { get; init; }

    /// <summary>Mean logits (B, T − 1), where asked for; (B, T) where every place was.</summary>
    public Tensor? MeanLogits { get; init; }

    /// <summary>Logarithms of Σ p² (B, T − 1), where asked for.</summary>
    public Tensor? LogSquares { get; init; }

    /// <summary>1 where the token was the likeliest and 0 elsewhere, (B, T − 1), where asked for.</summary>
    public Tensor? Likeliest { get; init; }

    /// <summary>Of hidden states: logits are made for so many tokens at once as need 32 MB, and are gone before the next.</summary>
    /// <param name="hidden">After the final norm, (B, T, C).</param>
    /// <param name="head">Logits (N, vocabulary) of hidden states (N, C).</param>
    /// <param name="labels">(B, T), int64: a token's id at its own place, <see cref="TokenQuestion.NotCounted"/> where it does not
    /// count.</param>
    /// <param name="question">What is asked; null: log-probabilities of the tokens that count.</param>
    /// <param name="ids">(B, T): what stands where a label does not count; needed where every place is asked.</param>
    /// <param name="headLearns">Whether the head has parameters that are trained; null has it looked at, by a row more.</param>
    public static TokenLogProbabilities Of(
        Tensor hidden, Func<Tensor, Tensor> head, Tensor labels, TokenQuestion? question = null, Tensor? ids = null,
        bool? headLearns = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(labels);
        question ??= new();
        using var scope = NewDisposeScope();
        var (batch, tokens, channels) = hidden.shape;
        if (labels.dim() != 2 || labels.shape[0] != batch || labels.shape[1] != tokens)
            throw new ShapeException($"labels ({string.Join(", ", labels.shape)}) are not of the hidden states' rows ({batch}, {tokens})");
        long columns = question.EveryPlace || question.OwnPlace ? tokens : tokens - 1;
        var next = question.OwnPlace ? labels : NextLabels(labels, columns);
        var counted = next.ne(TokenQuestion.NotCounted);
        var asked = question.EveryPlace ? ones_like(counted) : counted;
        var places = asked.reshape(-1).nonzero().reshape(-1);
        var rows = hidden.narrow(1, 0, columns).reshape(-1, channels).index_select(0, places);   // (N, C)
        var targets = (question.EveryPlace ? Targets(next, ids, question) : next).reshape(-1).index_select(0, places);
        var numbers = new HeadPieces(head, question).Numbers(rows, targets, headLearns);
        var placed = numbers.Select(one => one is null ? null : Placed(one, places, batch, columns)).ToArray();
        var (values, told) = (placed[0]!, question.OwnPlace ? tokens : Math.Max(0, tokens - 1));
        scope.MoveToOuter(values = values.narrow(1, 0, told));
        return new(values, scope.MoveToOuter(counted.narrow(1, 0, told)))
        {
            Entropies = Told(1),
            MeanLogits = placed[2] is { } mean ? scope.MoveToOuter(mean) : null,
            LogSquares = Told(3),
            Likeliest = Told(4),
        };

        Tensor? Told(int which) => placed[which] is { } one ? scope.MoveToOuter(one.narrow(1, 0, told)) : null;
    }

    /// <summary>Of logits that are there already.</summary>
    /// <param name="logits">(B, T, vocabulary).</param>
    /// <param name="labels">(B, T), int64, as for hidden states.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="ids">(B, T), as for hidden states.</param>
    public static TokenLogProbabilities OfLogits(Tensor logits, Tensor labels, TokenQuestion? question = null, Tensor? ids = null) =>
        Of(logits, rows => rows.alias(), labels, question, ids, headLearns: false);

    // Labels, and ids where labels do not count.
    static Tensor Targets(Tensor next, Tensor? ids, TokenQuestion question)
    {
        var given = ObjectiveInput.Given(ids, "a question of every place", "the ids of all tokens");
        var others = question.OwnPlace ? given : NextLabels(given, next.shape[1]);
        return next.where(next.ne(TokenQuestion.NotCounted), others).clamp(0);
    }

    // What is to be foretold at each place; nothing at a row's last.
    static Tensor NextLabels(Tensor labels, long columns)
    {
        long tokens = labels.shape[1];
        if (columns <= 0) return labels.narrow(1, 0, 0);
        var next = labels.narrow(1, 1, tokens - 1);
        return columns < tokens ? next : cat([next, full_like(labels.narrow(1, 0, 1), TokenQuestion.NotCounted)], 1);
    }

    static Tensor Placed(Tensor numbers, Tensor places, long batch, long columns)
    {
        var all = zeros(batch * columns, numbers.dtype, numbers.device);
        return all.index_add(0, places, numbers, 1).view(batch, columns);
    }
}
