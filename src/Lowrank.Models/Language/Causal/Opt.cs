namespace Lowrank.Models;

/// <summary>OPT (Zhang et al., arXiv 2205.01068), whose table of positions begins with two rows that no token has.</summary>
static class Opt
{
    public static LanguageArchitecture Architecture { get; } = new("opt", "OPT")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("OPT", (config, storage) => new OptBody((OptConfig)config, storage), new("model.decoder")),
    };

    static OptConfig Read(ConfigReader file)
    {
        var fields = new ConfigFields
        {
            Inner = "ffn_dim", AbsentPositions = null, Activation = "activation_function", AbsentActivation = "relu", Ties = true,
            Eps = "layer_norm_eps", AbsentEps = 1e-5,
        };
        var common = fields.Read(file);
        file.Require(file.Flag("layer_norm_elementwise_affine", true), "layer_norm_elementwise_affine is false, which is not supported");
        return new(common)
        {
            NormsBefore = file.Flag("do_layer_norm_before", true),
            HasBias = file.Flag("enable_bias", true),
            TokenWidth = file.Count("word_embed_proj_dim", common.HiddenSize),
            LacksFinalNorm = file.Flag("_remove_final_layer_norm", false),
        };
    }
}

/// <summary>What OPT's config has besides.</summary>
sealed record OptConfig : LanguageConfig
{
    public OptConfig(LanguageConfig common) : base(common) { }

    /// <summary>Whether norms stand before the branches; else after them, as in the model of 350 million.</summary>
    public bool NormsBefore { get; init; }

    /// <summary>Whether linear layers have biases.</summary>
    public bool HasBias { get; init; }

    /// <summary>Width of the tokens' vectors, which differs from the hidden one in the model of 350 million.</summary>
    public int TokenWidth { get; init; }

    /// <summary>Whether there is no final norm though norms stand before the branches.</summary>
    public bool LacksFinalNorm { get; init; }
}

/// <summary>Tokens and positions, layers, final norm, and projections where the tokens' vectors are narrow.</summary>
sealed class OptBody : Decoder
{
    const int UnusedPositions = 2;

    readonly Embedding embed_positions;
    readonly Linear? project_in, project_out;

    public OptBody(OptConfig config, Storage? storage) : base("OPTDecoder", Parts(config, storage))
    {
        embed_positions = new Embedding(config.MaxPositions + UnusedPositions, config.HiddenSize, storage);
        register_module("embed_positions", embed_positions);
        if (config.TokenWidth == config.HiddenSize) return;
        project_in = new Linear(config.TokenWidth, config.HiddenSize, bias: false, storage);
        project_out = new Linear(config.HiddenSize, config.TokenWidth, bias: false, storage);
        register_module("project_in", project_in);
        register_module("project_out", project_out);
    }

    static DecoderParts Parts(OptConfig config, Storage? storage)
    {
        bool hasNorm = config.NormsBefore && !config.LacksFinalNorm;
        return new(new Embedding(config.VocabularySize, config.TokenWidth, storage),
            [.. Enumerable.Range(0, config.Layers).Select(number => new OptLayer(config, number, storage))],
            hasNorm ? new LayerNorm(config.HiddenSize, config.NormEps, storage) : null, config.Windows)
        {
            Names = new(Norm: "final_layer_norm"),
        };
    }

    protected override Tensor Embed(Tensor tokens, Pass pass)
    {
        var wide = project_in is null ? tokens : project_in.call(tokens);
        return wide + LearntPositions.Rows(embed_positions, pass.Positions, UnusedPositions).to(wide.dtype);
    }

    protected override Tensor Finish(Tensor last) => project_out is null ? last : project_out.call(last);
}

/// <summary>Attention and a feed-forward part, each with a norm before it or after its sum.</summary>
sealed class OptLayer : Layer<Tensor, Pass>
{
    readonly SelfAttention self_attn;
    readonly LayerNorm self_attn_layer_norm, final_layer_norm;
    readonly Linear fc1, fc2;
    readonly Func<Tensor, Tensor> activation;
    readonly bool normsBefore;

    public OptLayer(OptConfig config, int number, Storage? storage) : base("OPTDecoderLayer")
    {
        var parts = new AttentionParts { Bias = config.HasBias, OutName = "out_proj" };
        self_attn = new SelfAttention("OPTAttention", config.HiddenSize, config.Attention(number), parts, storage);
        self_attn_layer_norm = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        fc1 = new Linear(config.HiddenSize, config.IntermediateSize, config.HasBias, storage);
        fc2 = new Linear(config.IntermediateSize, config.HiddenSize, config.HasBias, storage);
        final_layer_norm = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        activation = Activations.Named(config.Activation);
        normsBefore = config.NormsBefore;
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        if (normsBefore)
        {
            var h = x + self_attn.call(self_attn_layer_norm.call(x), pass);
            return h + Feed(final_layer_norm.call(h));
        }
        var attended = self_attn_layer_norm.call(x + self_attn.call(x, pass));
        return final_layer_norm.call(attended + Feed(attended));
    }

    Tensor Feed(Tensor x) => fc2.call(activation(fc1.call(x)));
}
