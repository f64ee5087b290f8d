namespace Lowrank.Graphs;

/// <summary>One of a list.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Choices">The list, which may hang on the files that are there.</param>
public sealed record ChoiceInput(string Name, Func<GraphFolders, IReadOnlyList<string>> Choices) : NodeInput(Name, GraphTypes.Choice)
{
    /// <summary>A list that is always the same; the first is the default.</summary>
    public ChoiceInput(string name, params string[] choices) : this(name, _ => choices) => Value = choices[0];

    /// <summary>The default; null if ComfyUI gives none.</summary>
    public string? Value { get; init; }

    /// <summary>What later versions of ComfyUI have in the list besides: it is taken, and not listed.</summary>
    public IReadOnlyList<string> Later { get; init; } = [];

    /// <summary>The name of the widget after it, which older versions send as an input.</summary>
    public const string UploadButton = "upload";

    /// <summary>Whether the interface keeps the value of an upload button in the widget after it.</summary>
    public bool HasUpload { get; init; }

    /// <summary>
    /// Whether ComfyUI 0.3.64 lets any value pass when it checks a graph, as it does in classes of its later form.
    /// </summary>
    public bool IsUnchecked { get; init; }

    /// <inheritdoc/>
    public override bool HasWidget => true;

    /// <inheritdoc/>
    public override object? Default => Value;

    /// <inheritdoc/>
    public override object Spec(GraphFolders folders) => IsUnchecked ? Type : Choices(folders);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders)
    {
        if (IsUnchecked) yield return new("multiselect", false);
        if (IsUnchecked) yield return new("options", Choices(folders));
        if (HasUpload) yield return new("image_upload", true);
    }

    /// <summary>ComfyUI's samplers.</summary>
    public static ChoiceInput Samplers(string name) => new(name, [.. ComfySamplers.Names.Except(ComfySamplers.Later)])
    {
        Later = ComfySamplers.Later,
        Remark = written => written is string sampler && sampler.EndsWith("_gpu", StringComparison.Ordinal) ? NoiseOfCpu : null,
    };

    /// <summary>Where samplers that can choose draw their noise.</summary>
    public static ChoiceInput NoiseDevice() =>
        new("noise_device", "gpu", "cpu") { DefaultRemark = NoiseOfCpu };

    const string NoiseOfCpu = "is not followed: noise is drawn on the CPU, alike on every machine, and ComfyUI's of a card is another";

    /// <summary>Weight files of a folder.</summary>
    public static ChoiceInput Weights(string name, string folder) => new(name, folders => folders.Weights(folder));
}
