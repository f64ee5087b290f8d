namespace Lowrank.Adapters;

/// <summary>mlx-lm's adapters: <c>model.layers.0.self_attn.q_proj.lora_a</c> in adapters.safetensors, a configuration beside it.</summary>
/// <remarks>
/// The change is scale · (lora_a lora_b)ᵀ, the scale a number of the configuration, which all layers share; alpha is scale times rank.
/// DoRA's <c>m</c> is of outputs. Source: mlx-lm at d78bf58, tuner/lora.py, dora.py and utils.py.
/// </remarks>
sealed class MlxDialect : Dialect
{
    readonly ModelDescription? model;

    /// <summary>Of no certain model.</summary>
    public MlxDialect() : this(null, new MlxLayout()) { }

    MlxDialect(ModelDescription? model, MlxLayout layout) => (this.model, Layout) = (model, layout);

    /// <inheritdoc/>
    public override string Name => "mlx";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new MlxSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout { get; }

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new MlxPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(MlxSpelling.IsFactor);

    /// <summary>Its configuration makes whole weights mlx-lm's, whose names are any program's.</summary>
    internal override bool Owns(ITensorFile file) => file is MlxFolder;

    /// <inheritdoc/>
    public override Dialect For(ITensorFile file, ModelDescription model) => new MlxDialect(model, new MlxLayout(model));

    /// <inheritdoc/>
    public override Dialect ForWriting(Adapter adapter, ModelDescription model) =>
        new MlxDialect(model, new MlxLayout(model, MlxShape.Of(adapter)));

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model) =>
        adapter.Targets.Count == 0 ? $"{Name} holds no embeddings alone" : MlxRefusal.Of(adapter, model) ?? base.Refuses(adapter, model);

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => file is MlxFolder folder
        ? folder.Config.Faults(file.Tensors)
        : [$"its factors are mlx-lm's, whose scale stands in {MlxFolder.Settings} beside them, and there is none: put it there"];

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file)
    {
        if (file is not MlxFolder folder) yield break;
        foreach (string note in folder.Config.Notes(file.Tensors, Layers)) yield return note;
        if (folder.Others.Count > 0)
            yield return $"files of other steps of the training lie beside it and are not read: {string.Join(", ", folder.Others)}";
    }

    // Layers are counted from 0; what lies in none has no number.
    int? Layers => model?.Components.SelectMany(component => component.Targets.Select(place => component.PathOf(place.Target)))
        .Select(MlxConfig.NumberIn).Max() + 1;

    /// <inheritdoc/>
    public override IEnumerable<PassedOver> PassesOver(ITensorFile file) =>
        file is MlxFolder folder ? folder.Config.PassesOver(file.Tensors) : [];
}
