namespace Lowrank.Models;

/// <summary>Attention, in a decoder attention to the encoder's states, and a feed-forward part.</summary>
sealed class T5Block : Layer<Tensor, T5Step>
{
    readonly IReadOnlyList<T5Layer> layers;

    /// <param name="config">The shape.</param>
    /// <param name="number">Its number.</param>
    /// <param name="looksBack">Whether it is a decoder's.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public T5Block(T5Config config, int number, bool looksBack, Storage? storage) : base("T5Block")
    {
        Attention = new T5Attention(config, number, false, number == 0, storage);
        var parts = new List<T5Layer> { new("T5LayerSelfAttention", "SelfAttention", Attention, config, storage) };
        if (looksBack)
        {
            var back = new T5Attention(config, number, true, false, storage);
            parts.Add(new("T5LayerCrossAttention", "EncDecAttention", back, config, storage));
        }
        parts.Add(new("T5LayerFF", "DenseReluDense", Feed(config, storage), config, storage));
        layers = parts;
        register_module("layer", new Modules.ModuleList<T5Layer>([.. parts]));
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    /// <summary>Attention of its tokens to each other.</summary>
    public T5Attention Attention { get; }

    static Layer Feed(T5Config config, Storage? storage)
    {
        var narrow = new Linear(config.IntermediateSize, config.HiddenSize, false, storage);
        if (config.IsGated) return new T5GatedMlp(Wide(), Wide(), narrow, config.Activation);
        return new PlainMlp("T5DenseActDense", ("wi", Wide()), ("wo", narrow), config.Activation);

        Linear Wide() => new(config.HiddenSize, config.IntermediateSize, false, storage);
    }

    protected override Tensor Compute(Tensor x, T5Step step)
    {
        foreach (var layer in layers) x = layer.call(x, step);
        return x;
    }
}

/// <summary>wo(act(wi_0 x) · wi_1 x).</summary>
sealed class T5GatedMlp : Layer
{
    readonly Linear wi_0, wi_1, wo;
    readonly Func<Tensor, Tensor> activation;

    public T5GatedMlp(Linear gate, Linear up, Linear down, string activation) : base("T5DenseGatedActDense")
    {
        (wi_0, wi_1, wo, this.activation) = (gate, up, down, Activations.Named(activation));
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => wo.call(activation(wi_0.call(x)) * wi_1.call(x));
}
