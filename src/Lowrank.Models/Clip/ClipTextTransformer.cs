namespace Lowrank.Models;

/// <summary>Embeddings, layers and final norm.</summary>
sealed class ClipTextTransformer : nn.Module
{
    readonly ClipTextEmbeddings embeddings;
    internal readonly ClipEncoder encoder;
    readonly LayerNorm final_layer_norm;

    public ClipTextTransformer(ClipTextConfig config, Storage? storage) : base("CLIPTextTransformer")
    {
        embeddings = new ClipTextEmbeddings(config, storage);
        encoder = new ClipEncoder(config, storage);
        final_layer_norm = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        RegisterComponents();
    }

    public IReadOnlyList<Tensor> HiddenStates(Tensor ids) => encoder.HiddenStates(embeddings.call(ids));

    public Tensor FinalNorm(Tensor hidden) => final_layer_norm.call(hidden);

    public (IReadOnlyList<long> Ids, IDisposable Held) Teach(Tensor vectors) => embeddings.Teach(vectors);
}

/// <summary>Token plus position; words that were taught have ids from the vocabulary's end on.</summary>
sealed class ClipTextEmbeddings : Layer
{
    readonly Embedding token_embedding, position_embedding;
    readonly SortedDictionary<long, Tensor> taught = [];
    readonly long vocabulary;

    public ClipTextEmbeddings(ClipTextConfig config, Storage? storage) : base("CLIPTextEmbeddings")
    {
        token_embedding = new Embedding(config.VocabularySize, config.HiddenSize, storage);
        position_embedding = new Embedding(config.MaxPositions, config.HiddenSize, storage);
        vocabulary = config.VocabularySize;
        RegisterComponents();
    }

    public (IReadOnlyList<long> Ids, IDisposable Held) Teach(Tensor vectors)
    {
        long first = taught.Count == 0 ? vocabulary : taught.Last() is var (id, last) ? id + last.shape[0] : 0;
        taught[first] = vectors;
        return ([.. Enumerable.Range(0, (int)vectors.shape[0]).Select(i => first + i)], new OnDispose(() =>
        {
            taught.Remove(first);
            vectors.Dispose();
        }));
    }

    protected override Tensor Compute(Tensor ids)
    {
        var positions = arange(ids.shape[1], dtype: ScalarType.Int64, device: ids.device);
        return Tokens(ids) + position_embedding.call(positions);
    }

    Tensor Tokens(Tensor ids)
    {
        if (taught.Count == 0) return token_embedding.call(ids);
        var tokens = token_embedding.call(ids.where(ids.lt(vocabulary), 0));
        foreach (var (first, vectors) in taught)
        {
            var place = ids - first;
            var isOurs = place.ge(0).logical_and(place.lt(vectors.shape[0]));
            var rows = vectors.to(tokens.dtype, tokens.device)[place.where(isOurs, 0)];
            tokens = tokens.where(isOurs.logical_not().unsqueeze(-1), rows);
        }
        return tokens;
    }
}

/// <summary>The stack of layers.</summary>
sealed class ClipEncoder : nn.Module
{
    readonly Modules.ModuleList<ClipEncoderLayer> layers;

    public ClipEncoder(ClipTextConfig config, Storage? storage) : base("CLIPEncoder")
    {
        layers = new([.. Enumerable.Range(0, config.Layers).Select(_ => new ClipEncoderLayer(config, storage))]);
        RegisterComponents();
    }

    public bool GradientCheckpointing { get; set; }

    public IReadOnlyList<Tensor> HiddenStates(Tensor embedded)
    {
        var states = new List<Tensor> { embedded };
        foreach (var layer in layers)
            states.Add(GradientCheckpointing ? Checkpoint.Run(layer.call, states[^1]) : layer.call(states[^1]));
        return states;
    }
}

/// <summary>Causal attention and a feed-forward part, each after a norm and with a residual.</summary>
sealed class ClipEncoderLayer : Layer
{
    readonly ClipAttention self_attn;
    readonly LayerNorm layer_norm1;
    readonly ClipMlp mlp;
    readonly LayerNorm layer_norm2;

    public ClipEncoderLayer(ClipTextConfig config, Storage? storage) : base("CLIPEncoderLayer")
    {
        self_attn = new ClipAttention(config, storage);
        layer_norm1 = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        mlp = new ClipMlp(config, storage);
        layer_norm2 = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var h = x + self_attn.call(layer_norm1.call(x));
        return h + mlp.call(layer_norm2.call(h));
    }
}

/// <summary>Multi-head attention in which a token sees itself and those before it.</summary>
sealed class ClipAttention : Layer
{
    readonly Linear k_proj, v_proj, q_proj, out_proj;
    readonly int heads;

    public ClipAttention(ClipTextConfig config, Storage? storage) : base("CLIPAttention")
    {
        heads = config.Heads;
        k_proj = Projection();
        v_proj = Projection();
        q_proj = Projection();
        out_proj = Projection();
        RegisterComponents();

        Linear Projection() => new(config.HiddenSize, config.HiddenSize, storage: storage);
    }

    protected override Tensor Compute(Tensor x) =>
        out_proj.call(Attention.Run(q_proj.call(x), k_proj.call(x), v_proj.call(x), heads, causal: true));
}

/// <summary>The feed-forward part.</summary>
sealed class ClipMlp : Layer
{
    readonly Linear fc1, fc2;
    readonly bool quick;

    public ClipMlp(ClipTextConfig config, Storage? storage) : base("CLIPMLP")
    {
        quick = config.Activation == "quick_gelu";
        fc1 = new Linear(config.HiddenSize, config.IntermediateSize, storage: storage);
        fc2 = new Linear(config.IntermediateSize, config.HiddenSize, storage: storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var h = fc1.call(x);
        h = h.Then(wide => quick ? wide * sigmoid(1.702 * wide) : nn.functional.gelu(wide));
        return fc2.call(h);
    }
}
