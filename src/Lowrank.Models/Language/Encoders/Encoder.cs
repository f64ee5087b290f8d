namespace Lowrank.Models;

/// <summary>The body of a model that sees whole rows: embeddings, layers, and what reads the last state.</summary>
abstract class Encoder : nn.Module
{
    readonly IReadOnlyList<EncoderLayer> layers;
    readonly EncoderEmbeddings embeddings;

    /// <param name="name">Its published class.</param>
    /// <param name="embeddings">What makes vectors of ids.</param>
    /// <param name="layersPath">What the list of layers is called; may have several levels.</param>
    /// <param name="layers">The layers.</param>
    protected Encoder(string name, EncoderEmbeddings embeddings, string layersPath, IReadOnlyList<EncoderLayer> layers) : base(name)
    {
        (this.embeddings, this.layers) = (embeddings, layers);
        register_module("embeddings", embeddings);
        Holder = ModuleHolder.Register(this, layersPath, new Modules.ModuleList<EncoderLayer>([.. layers]));
    }

    /// <summary>Does nothing: parts are registered under their published names, which are not those of fields.</summary>
    protected override void RegisterComponents() { }

    /// <summary>The table of tokens.</summary>
    public Embedding Tokens => embeddings.Tokens;

    /// <summary>Whether it tells apart the two texts of a pair.</summary>
    public bool HasTypes => embeddings.HasTypes;

    /// <summary>What it is called.</summary>
    public string TokensPath => $"embeddings.{embeddings.TokensName}";

    /// <summary>What holds the list of layers, and what some families register beside it.</summary>
    protected nn.Module Holder { get; }

    /// <summary>In which dtype it computes.</summary>
    public ScalarType Dtype { get; set; } = ScalarType.Float32;

    /// <summary>Whether each layer drops its intermediates and computes them again in backward.</summary>
    public bool GradientCheckpointing { get; set; }

    /// <summary>The state after all layers.</summary>
    public LanguageOutput Run(LanguageInput input) => LayerScope.Run(this, () => Compute(input), LanguageOutput.MoveOut);

    /// <summary>The vectors of an input's tokens (B, T, C), as they are given in place of ids.</summary>
    public Tensor Vectors(LanguageInput input) => embeddings.Vectors(input).to(Dtype);

    LanguageOutput Compute(LanguageInput input)
    {
        InputShapes.Check(input);
        if (input.Cache is not null)
            throw new LowrankException($"a cache was given, and {GetName()} sees whole rows at once: there is nothing to go on from.");
        var pass = new Pass(input with { Positions = input.Positions ?? Counted(input) }, Dtype);
        try
        {
            var embedded = embeddings.call(input, pass);
            var table = Table(input.Ids.device);
            var states = new List<Tensor> { embedded };
            var x = embedded;
            for (int number = 0; number < layers.Count; number++)
            {
                var made = Through(layers[number], x, pass, table);
                if (input.KeepsLayers) states.Add(made);
                else if (number > 0) x.Dispose();
                x = After(number, made, embedded, pass);
            }
            var hidden = Finish(x);
            // What heads read may be the last state itself, which then is in the list too: each is moved out once.
            return new(ReferenceEquals(hidden, x) && input.KeepsLayers ? x.alias() : hidden, input.KeepsLayers ? states : [], []);
        }
        finally
        {
            pass.Dispose();
        }
    }

    Tensor Through(EncoderLayer layer, Tensor x, Pass pass, Tensor? table)
    {
        if (!GradientCheckpointing || !is_grad_enabled()) return layer.call(x, pass, table);
        return table is null
            ? RepeatedLayer.Run(pass, (inputs, own) => layer.call(inputs[0], own, null), x)
            : RepeatedLayer.Run(pass, (inputs, own) => layer.call(inputs[0], own, inputs[1]), x, table);
    }

    /// <summary>Positions where none are given: columns are counted, pads too, as transformers does.</summary>
    protected virtual Tensor Counted(LanguageInput input) =>
        arange(input.Ids.shape[1], ScalarType.Int64, input.Ids.device).expand(input.Ids.shape);

    /// <summary>A table that all layers read besides the state, made once; null for none.</summary>
    protected virtual Tensor? Table(Device device) => null;

    /// <summary>What the next layer reads, of what a layer made.</summary>
    protected virtual Tensor After(int number, Tensor x, Tensor embedded, Pass pass) => x;

    /// <summary>What heads read, from the last state.</summary>
    protected virtual Tensor Finish(Tensor last) => last;

    /// <summary>One vector (B, C) of each row's state, by the layer that was trained for it.</summary>
    /// <exception cref="LowrankException">The body has no such layer.</exception>
    public virtual Tensor Pooled(Tensor hidden) => throw new LowrankException(
        $"{GetName()} was made without a pooler. Take the state of a row's first token, or the mean of its tokens' states.");
}
