namespace Lowrank.Models;

/// <summary>Vectors (B, T, C) of ids: tokens, positions and types summed, and normed.</summary>
sealed class EncoderEmbeddings : Layer<LanguageInput, Pass>
{
    readonly EmbeddingShape shape;
    readonly Embedding? positions, types;
    readonly Linear? projection;
    readonly LayerNorm norm;

    /// <param name="name">Its published class.</param>
    /// <param name="shape">What it has.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public EncoderEmbeddings(string name, EmbeddingShape shape, Storage? storage) : base(name)
    {
        this.shape = shape;
        Tokens = new Embedding(shape.Vocabulary, shape.Width, storage);
        register_module(TokensName, Tokens);
        if (shape.Positions > 0)
        {
            positions = new Embedding(shape.Positions, shape.Width, storage);
            register_module("position_embeddings", positions);
        }
        if (shape.Types > 0)
        {
            types = new Embedding(shape.Types, shape.Width, storage);
            register_module("token_type_embeddings", types);
        }
        if (shape.Width != shape.Hidden)
        {
            projection = new Linear(shape.Width, shape.Hidden, bias: false, storage);
            register_module("embed_proj", projection);
        }
        norm = new LayerNorm(shape.Hidden, shape.Eps, storage, shape.NormBias);
        register_module(shape.NormName, norm);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    /// <summary>The table of tokens.</summary>
    public Embedding Tokens { get; }

    /// <summary>Whether it has a table of types.</summary>
    public bool HasTypes => types is not null;

    /// <summary>What it is called.</summary>
    public string TokensName => shape.TokensName;

    /// <summary>The tokens' vectors alone.</summary>
    public Tensor Vectors(LanguageInput input) => input.Embeddings ?? WithoutPads(Tokens.call(input.Ids), input);

    protected override Tensor Compute(LanguageInput input, Pass pass)
    {
        var x = Vectors(input).to(pass.Dtype);
        if (Types(input) is { } typed) x = x + typed.to(pass.Dtype);
        if (positions is not null)
        {
            var rows = LearntPositions.Rows(positions, pass.Positions, shape.FirstPosition);
            x = x + (shape.FirstPosition > 0 ? WithoutPads(rows, input) : rows).to(pass.Dtype);
        }
        if (projection is not null) x = projection.call(x);
        x = norm.call(x);
        bool isMasked = shape.MasksPads && pass.Mask is not null;
        return isMasked ? x * pass.Mask!.unsqueeze(-1).to(x.dtype) : x;
    }

    // The rows of pads are as they were made and learn nothing, as in transformers: losses that count pads would train them.
    Tensor WithoutPads(Tensor rows, LanguageInput input)
    {
        if (shape.Pad is not { } pad || !rows.requires_grad || input.Embeddings is not null) return rows;
        return rows.detach().where(input.Ids.eq(pad).unsqueeze(-1), rows);
    }

    Tensor? Types(LanguageInput input)
    {
        if (types is null)
        {
            if (input.Types is { } given && given.ne(0).any().ToBoolean())
                throw new LowrankException($"types of tokens were given, and {GetName()} has no table of types. Leave Types out.");
            return null;
        }
        var told = input.Types ?? zeros([1, 1], ScalarType.Int64, input.Ids.device);
        long largest = told.max().ToInt64(), rows = types.Weight.Shape[0];
        if (largest >= rows) throw new ShapeException($"type {largest} was given, and the model has a table of {rows} types");
        return types.call(told);
    }
}
