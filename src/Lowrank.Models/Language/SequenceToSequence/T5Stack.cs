namespace Lowrank.Models;

/// <summary>T5's encoder, or its decoder: blocks and a final norm.</summary>
sealed class T5Stack : nn.Module
{
    readonly IReadOnlyList<T5Block> blocks;
    readonly RmsNorm norm;
    readonly T5Distances distances;
    readonly bool isDecoder;

    public T5Stack(T5Config config, bool isDecoder, Storage? storage) : base("T5Stack")
    {
        this.isDecoder = isDecoder;
        distances = new(config.Buckets, config.Farthest, !isDecoder);
        int count = isDecoder ? config.DecoderLayers : config.Layers;
        blocks = [.. Enumerable.Range(0, count).Select(number => new T5Block(config, number, isDecoder, storage))];
        norm = new RmsNorm(config.HiddenSize, config.NormEps, storage);
        register_module("block", new Modules.ModuleList<T5Block>([.. blocks]));
        register_module("final_layer_norm", norm);
    }

    /// <summary>Does nothing: parts are registered under their published names, which are not those of fields.</summary>
    protected override void RegisterComponents() { }

    /// <summary>How distances are counted.</summary>
    public T5Distances Distances => distances;

    /// <summary>Whether each block drops its intermediates and computes them again in backward.</summary>
    public bool GradientCheckpointing { get; set; }

    /// <summary>The state after all blocks and the final norm.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="x">Their tokens' vectors (B, T, C).</param>
    /// <param name="memory">The encoder's states, for a decoder.</param>
    public LanguageOutput Run(LanguageInput input, Tensor x, SequenceMemory? memory = null) =>
        LayerScope.Run(this, () => Compute(input, x, memory), LanguageOutput.MoveOut);

    LanguageOutput Compute(LanguageInput input, Tensor x, SequenceMemory? memory)
    {
        input.Cache?.RequireWhole();
        var pass = new Pass(input, x.dtype);
        try
        {
            var step = new T5Step(pass, Bias(pass, x), memory?.Hidden.to(x.dtype)) { Kept = memory };
            var states = new List<Tensor> { x };
            foreach (var block in blocks)
            {
                var next = Through(block, states[^1], step);
                if (!input.KeepsLayers && states.Count > 0) states.Clear();
                states.Add(next);
            }
            input.Cache?.Advance(input.Cache.WithSeen(input.Ids));
            return new(norm.call(states[^1]), input.KeepsLayers ? [states[0].alias(), .. states.Skip(1)] : [], []);
        }
        finally
        {
            // Blocks that are computed again in backward ask for it then.
            if (!GradientCheckpointing) pass.Dispose();
        }
    }

    // Distances go by columns, pads among them.
    Tensor Bias(Pass pass, Tensor x)
    {
        var (_, tokens, _) = x.shape;
        long keys = pass.Seen + tokens;
        var bias = blocks[0].Attention.Bias(distances.Rows(tokens, keys, x.device)).to(x.dtype);
        return pass.Sight(null, isDecoder, whole: true).Mask is { } mask ? bias + mask : bias;
    }

    Tensor Through(T5Block block, Tensor x, T5Step step)
    {
        if (!GradientCheckpointing) return block.call(x, step);
        return step.Memory is null
            ? Checkpoint.Run(inputs => block.call(inputs[0], step with { Bias = inputs[1] }), x, step.Bias)
            : Checkpoint.Run(
                inputs => block.call(inputs[0], step with { Bias = inputs[1], Memory = inputs[2] }), x, step.Bias, step.Memory);
    }
}
