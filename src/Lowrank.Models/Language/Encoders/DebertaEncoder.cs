namespace Lowrank.Models;

/// <summary>Embeddings, layers, the table of distances that they share, and a convolution beside the first layer in some.</summary>
sealed class DebertaEncoder : Encoder
{
    readonly Embedding? distances;
    readonly LayerNorm? norm;
    readonly DebertaConvolution? convolution;

    public DebertaEncoder(DebertaConfig config, Storage? storage) : base("DebertaV2Model",
        new("DebertaV2Embeddings", Shape(config), storage), "encoder.layer",
        [
            .. Enumerable.Range(0, config.Layers).Select(
                _ => new BertLayer("DebertaV2", config, new DebertaSelfAttention(config, storage), storage)),
        ])
    {
        if (config.Relative is { } relative)
        {
            distances = new Embedding(2 * relative.Span, config.HiddenSize, storage);
            Holder.register_module("rel_embeddings", distances);
        }
        if (config.NormsTable)
        {
            norm = new LayerNorm(config.HiddenSize, config.NormEps, storage);
            Holder.register_module("LayerNorm", norm);
        }
        if (config.ConvolutionKernel <= 0) return;
        convolution = new DebertaConvolution(config, storage);
        Holder.register_module("conv", convolution);
    }

    static EmbeddingShape Shape(DebertaConfig config) => new(config.VocabularySize, config.HiddenSize, config.NormEps)
    {
        Width = config.TokenWidth, Positions = config.HasPositions ? config.MaxPositions : 0, Types = config.Types, MasksPads = true,
        Pad = config.PadId,
    };

    protected override Tensor? Table(Device device)
    {
        if (distances is null) return null;
        var rows = distances.call(arange(distances.Weight.Shape[0], ScalarType.Int64, device)).to(Dtype);
        return norm is null ? rows : norm.call(rows);
    }

    protected override Tensor After(int number, Tensor x, Tensor embedded, Pass pass) =>
        number == 0 && convolution is not null ? convolution.Joined(embedded, x, pass) : x;
}

/// <summary>norm(x + act(convolution of the embeddings)), zero at pads.</summary>
sealed class DebertaConvolution : Layer<Tensor, Tensor, Tensor?>
{
    readonly Conv1d conv;
    readonly LayerNorm norm;
    readonly Func<Tensor, Tensor> activation;

    public DebertaConvolution(DebertaConfig config, Storage? storage) : base("ConvLayer")
    {
        conv = new Conv1d(config.HiddenSize, config.HiddenSize, config.ConvolutionKernel, padding: (config.ConvolutionKernel - 1) / 2,
            groups: config.ConvolutionGroups, storage: storage);
        norm = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        activation = Activations.Named(config.ConvolutionActivation);
        register_module("conv", conv);
        register_module("LayerNorm", norm);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    public Tensor Joined(Tensor embedded, Tensor x, Pass pass) => call(embedded, x, pass.Mask);

    protected override Tensor Compute(Tensor embedded, Tensor x, Tensor? mask)
    {
        var around = conv.call(embedded.transpose(1, 2).contiguous()).transpose(1, 2);   // (B, T, C)
        var real = mask?.unsqueeze(-1).to(x.dtype);
        if (real is not null) around = around * real;
        var joined = norm.call(x + activation(around));
        return real is null ? joined : joined * real;
    }
}
