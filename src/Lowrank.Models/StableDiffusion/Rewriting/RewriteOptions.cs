namespace Lowrank.Models;

/// <summary>How a model is written anew.</summary>
public sealed record RewriteOptions
{
    /// <summary>Whether an existing file may be replaced. (A folder must be new or empty in any case.)</summary>
    public bool Overwrite { get; init; }

    /// <summary>dtype of all floats; null keeps each tensor's own.</summary>
    public TensorDtype? Dtype { get; init; }

    /// <summary>Strings for the header of a single file, beside those that the model had.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Further files that are read, which the output must not replace.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Files that take the place of those of their names in a folder: the tokenizer that an adapter brings.</summary>
    public IReadOnlyList<string> Replacing { get; init; } = [];

    /// <summary>Told bytes done and bytes in all.</summary>
    public Action<long, long>? Progress { get; init; }
}
