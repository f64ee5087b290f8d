namespace Lowrank.Models;

/// <summary>norm(x + attention x), then norm(x + mlp x), under the names that BERT has.</summary>
sealed class BertLayer : EncoderLayer
{
    readonly BertAttention attention;
    readonly BertIntermediate intermediate;
    readonly BertOutput output;

    /// <param name="family">What published classes begin with.</param>
    /// <param name="config">The shape.</param>
    /// <param name="self">Attention up to the projection out.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public BertLayer(string family, LanguageConfig config, EncoderLayer self, Storage? storage) : base($"{family}Layer")
    {
        attention = new BertAttention(family, config, self, storage);
        intermediate = new BertIntermediate($"{family}Intermediate", config, storage);
        output = new BertOutput($"{family}Output", config.IntermediateSize, config, storage);
        register_module("attention", attention);
        register_module("intermediate", intermediate);
        register_module("output", output);
    }

    protected override Tensor Compute(Tensor x, Pass pass, Tensor? table)
    {
        var attended = attention.call(x, pass, table);
        return output.call(intermediate.call(attended), attended);
    }
}

/// <summary>Attention, its projection out, and the norm of the sum.</summary>
sealed class BertAttention : EncoderLayer
{
    readonly EncoderLayer self;
    readonly BertOutput output;

    public BertAttention(string family, LanguageConfig config, EncoderLayer self, Storage? storage) : base($"{family}Attention")
    {
        this.self = self;
        output = new BertOutput($"{family}SelfOutput", config.Heads * config.HeadDim, config, storage);
        register_module("self", self);
        register_module("output", output);
    }

    protected override Tensor Compute(Tensor x, Pass pass, Tensor? table) => output.call(self.call(x, pass, table), x);
}

/// <summary>What widens in the feed-forward part.</summary>
sealed class BertIntermediate : Layer
{
    readonly Linear dense;
    readonly Func<Tensor, Tensor> activation;

    public BertIntermediate(string name, LanguageConfig config, Storage? storage) : base(name)
    {
        dense = new Linear(config.HiddenSize, config.IntermediateSize, true, storage);
        activation = Activations.Named(config.Activation);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => activation(dense.call(x));
}

/// <summary>norm(dense x + what went around).</summary>
sealed class BertOutput : Layer<Tensor, Tensor>
{
    readonly Linear dense;
    readonly LayerNorm norm;

    public BertOutput(string name, int inner, LanguageConfig config, Storage? storage) : base(name)
    {
        dense = new Linear(inner, config.HiddenSize, true, storage);
        norm = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        register_module("dense", dense);
        register_module("LayerNorm", norm);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x, Tensor around) => norm.call(dense.call(x) + around);
}
