namespace Lowrank.Adapters;

/// <summary>Chosen rows of a table of tokens are trained, whole: W'[token] = W[token] + strength·(row − W[token]).</summary>
/// <remarks>
/// The table is an embedding, or the head that gives each token its logit. The rows are the base's at first. Source: PEFT 0.21.2, trainable
/// tokens, also beside a LoRA (trainable_token_indices).
/// </remarks>
sealed class TrainableTokens : Reparameterization
{
    readonly Parameter rows;
    readonly Tensor tokens;

    /// <summary>Rows of given tokens.</summary>
    /// <param name="target">An embedding or a head.</param>
    /// <param name="rows">(count, width).</param>
    /// <param name="tokens">(count): which rows of the vocabulary they are, each once.</param>
    /// <exception cref="LowrankException">Rows and tokens are not as many, a token comes twice or lies outside.</exception>
    public TrainableTokens(Target target, Tensor rows, Tensor tokens) : base(Descriptor, target)
    {
        long[] ids = tokens.to(ScalarType.Int64).data<long>().ToArray();
        bool fits = rows.shape.AsSpan().SequenceEqual([ids.Length, WidthOf(target)]);
        bool areRows = ids.Distinct().Count() == ids.Length && ids.All(id => id >= 0 && id < VocabularyOf(target));
        if (!fits || !areRows)
            throw new LowrankException(
                $"rows {rows.shape.Text()} of the tokens {string.Join(", ", ids)} do not fit {target}: " +
                $"each is one row, once, from 0 to {VocabularyOf(target) - 1}");
        Settings = new TrainableTokensOptions(new MethodOptions(1)) { Tokens = [.. ids.Select(id => (int)id)] };
        this.rows = Train("rows", rows, rows.shape);
        this.tokens = Keep("tokens", tokens.to(ScalarType.Int64).reshape(-1));
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <summary>The trained rows (count, width).</summary>
    internal Parameter Rows => rows;

    /// <summary>Whether another trains the same tokens and holds the same rows.</summary>
    internal bool HasSame(TrainableTokens other)
    {
        using var scope = NewDisposeScope();
        bool areSame = tokens.shape.AsSpan().SequenceEqual(other.tokens.shape) && tokens.eq(other.tokens).all().ToBoolean();
        return areSame && rows.shape.AsSpan().SequenceEqual(other.rows.shape) && rows.eq(other.rows).all().ToBoolean();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("rows", rows), ("tokens", tokens)];

    // The matrix of an embedding is (width, vocabulary), a head's (vocabulary, width).
    static bool IsHead(Target target) => target.Kind == LayerKind.Linear;

    static long VocabularyOf(Target target) => IsHead(target) ? target.Out : target.In;

    static long WidthOf(Target target) => IsHead(target) ? target.In : target.Out;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength) => Changed(Target, weight, strength);

    /// <summary>What becomes of the matrix of a table: its own, or that of another end of the model that has the same weight.</summary>
    internal Tensor Changed(Target target, Tensor weight, double strength)
    {
        if (strength == 0) return weight;
        int axis = IsHead(target) ? 0 : 1;
        var trained = IsHead(target) ? rows.to(weight.dtype) : rows.t().to(weight.dtype);
        bool isWhole = strength == 1 || StrengthRule == StrengthRule.Peft;
        if (!isWhole) trained = weight.index_select(axis, tokens) * (1 - strength) + trained * strength;
        return weight.index_copy(axis, tokens, trained);
    }

    static TrainableTokens Fresh(Target target, MethodOptions given, Initialization begin)
    {
        long[] tokens = [.. ((TrainableTokensOptions)given).Tokens.Select(id => (long)id)];
        var ids = tensor(tokens, device: begin.Device);
        var own = IsHead(target) ? begin.Weight.index_select(0, ids) : begin.Weight.index_select(1, ids).t();
        return new TrainableTokens(target, own, ids);
    }

    static string? Refuse(Target target, MethodOptions given)
    {
        if (target.Kind is not (LayerKind.Embedding or LayerKind.Linear)) return "tokens are rows of an embedding or of a head";
        int outside = ((TrainableTokensOptions)given).Tokens.FirstOrDefault(id => id < 0 || id >= VocabularyOf(target), -1);
        return outside >= 0 ? $"it has no token {outside}" : null;
    }

    static IReadOnlyList<int> Ids(string text)
    {
        int Id(string word) => int.TryParse(word, out int token) ? token : throw new LowrankException(
            $"token_indices is \"{text}\", which are no whole numbers");
        return [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Id)];
    }

    /// <summary>Trainable tokens in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "trainable-tokens", "PEFT 0.21.2",
        [new("rows", "(count, width)"), new("tokens", "(count)", IsWhole: true, Required: false)],
        Fresh,
        (target, parts) => new TrainableTokens(target, parts["rows"], parts["tokens"]))
    {
        HasRank = false,
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = Refuse,
        OwnOptions = shared => shared as TrainableTokensOptions ?? new TrainableTokensOptions(shared),
        Arguments =
        [
            new(
                "token_indices", "the tokens that are trained, as 1,4,7",
                (o, text) => (TrainableTokensOptions)o with { Tokens = Ids(text) }, o => ((TrainableTokensOptions)o).Tokens),
        ],
        Facts = shapes => shapes["rows"] is [_, var width] ? new PartFacts(0, width, null, []) : null,
    };
}

/// <summary>Which tokens are trained.</summary>
public sealed record TrainableTokensOptions : MethodOptions
{
    /// <summary>With what every method is asked for; rank and alpha play no part.</summary>
    public TrainableTokensOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Rows of the vocabulary, each once.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [0];

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Tokens.Count == 0) yield return "token_indices names no token";
        if (Tokens.Distinct().Count() != Tokens.Count) yield return $"token_indices names a token twice: {string.Join(", ", Tokens)}";
    }
}
