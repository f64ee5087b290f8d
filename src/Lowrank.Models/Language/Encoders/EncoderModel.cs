namespace Lowrank.Models;

/// <summary>A model that sees whole rows at once: a body, and a head of some kind.</summary>
public abstract class EncoderModel : LanguageNetwork
{
    readonly Encoder body;
    readonly EncoderHead? head;

    internal EncoderModel(string name, LanguageConfig config, Encoder body, string? bodyName, EncoderHead? head, Storage? storage)
        : base(name, config)
    {
        (this.body, this.head) = (body, head);
        body.Dtype = DtypeFor(storage);
        if (bodyName is not null) register_module(bodyName, body);
        else foreach (var (part, module) in body.named_children()) register_module(part, module);   // the model is the body
        foreach (var (path, module) in head?.Modules ?? []) ModuleHolder.Register(this, path, module);
        SharedNames = head?.Shared ?? new Dictionary<string, string>();
    }

    internal override IReadOnlyDictionary<string, string> SharedNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> HeadPaths => [.. (head?.Modules ?? []).Select(one => one.Path)];

    /// <inheritdoc/>
    public override ScalarType Dtype
    {
        get => body.Dtype;
        set => body.Dtype = value;
    }

    /// <inheritdoc/>
    public override bool GradientCheckpointing
    {
        get => body.GradientCheckpointing;
        set => body.GradientCheckpointing = value;
    }

    /// <summary>The table of tokens.</summary>
    public Embedding Tokens => body.Tokens;

    /// <summary>Whether it tells apart the two texts of a pair, by <see cref="LanguageInput.Types"/>.</summary>
    public bool HasTypes => body.HasTypes;

    /// <summary>The hidden states of an input, which heads read.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    /// <exception cref="LowrankException">A cache, or types of tokens where the model has none.</exception>
    public LanguageOutput Run(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LayerScope.Run(this, () =>
        {
            using var prompted = Prompted(input, body.Vectors);
            var output = body.Run(prompted.Input);
            return output with { Hidden = prompted.Own(output.Hidden) };
        }, LanguageOutput.MoveOut);
    }

    internal Tensor Pooled(Tensor hidden) => LayerScope.Run(this, () => body.Pooled(hidden));

    internal Tensor Read(Tensor hidden, Tensor? mask)
    {
        if (Prompts?.Now() is not null && this is ClassifierModel)
            throw new LowrankException("states alone do not hold those of the virtual tokens, which a head over whole rows reads: ask " +
                "for the scores of an input");
        return LayerScope.Run(this, () => head!.Read(hidden, mask));
    }

    internal Tensor Read(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LayerScope.Run(this, () =>
        {
            using var prompted = Prompted(input, body.Vectors);
            var read = head!.Read(body.Run(prompted.Input).Hidden, prompted.Input.Mask);
            // A head that reads rows reads the virtual tokens too, as the first of a row.
            return read.dim() == 3 ? prompted.Own(read) : read;
        });
    }
}
