namespace Lowrank.Models;

/// <summary>What the weights of a model may be called in files: spellings are made forward from the model's own paths, and looked
/// up.</summary>
sealed record WeightNames
{
    /// <summary>What the body's paths begin with, which old files leave out or double.</summary>
    public string Body { get; init; } = "model";

    /// <summary>Other spellings of paths, a pair each: the own path, and how it may be stored. <c>{}</c> is a number.</summary>
    public KeyMap? Others { get; init; }

    /// <summary>Tensors that files hold in several pieces.</summary>
    public IReadOnlyList<StackedNames> Stacks { get; init; } = [];

    /// <summary>Ends of names that hold no weights: what was computed from the config, and masks.</summary>
    public IReadOnlyList<string> Buffers { get; init; } = [];

    /// <summary>What heads of the family's other tasks are called, besides those that many families have.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];

    static readonly string[] commonBuffers = ["position_ids", "rotary_emb.inv_freq", "masked_bias", "rotary_emb.original_inv_freq"];

    /// <summary>Heads of other tasks, by what their names begin with.</summary>
    static readonly string[] otherHeads =
        ["lm_head", "score", "classifier", "qa_outputs", "cls", "embed_out", "v_head", "pooler", "lm_predictions", "mask_predictions"];

    /// <summary>What layers are called where they, or all of their rows, stand under other names; by their own paths.</summary>
    /// <param name="paths">The own paths of a model's layers.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FormerNames(IEnumerable<string> paths)
    {
        const string Ending = ".weight";
        var former = new Dictionary<string, IReadOnlyList<string>>();
        foreach (string path in paths)
        {
            var pieces = Stacks.Select(stack => stack.OfMatrix(path)).FirstOrDefault(names => names is not null);
            if (pieces is not null) former[path] = [.. pieces.Select(piece => piece[..^Ending.Length])];
            else if (Others?.ToOther(path + Ending) is { } other) former[path] = [other[..^Ending.Length]];
        }
        return former;
    }

    /// <summary>How an own name may be stored, the likeliest first.</summary>
    /// <param name="own">The name of a parameter in the model.</param>
    public IEnumerable<string> Spellings(string own)
    {
        foreach (string path in Paths(own))
        {
            yield return path;
            if (OldEnding(path) is { } old) yield return old;
        }
    }

    IEnumerable<string> Paths(string own)
    {
        string prefix = Body + ".";
        bool isBody = own.StartsWith(prefix, StringComparison.Ordinal);
        string[] others = Others?.ToOther(own) is { } other ? [own, other] : [own];
        foreach (string path in others)
        {
            yield return path;
            if (isBody && path.StartsWith(prefix, StringComparison.Ordinal)) yield return path[prefix.Length..];
            yield return prefix + path;
        }
    }

    // Norms of the first TensorFlow models.
    static string? OldEnding(string path)
    {
        if (path.EndsWith(".weight", StringComparison.Ordinal)) return path[..^"weight".Length] + "gamma";
        return path.EndsWith(".bias", StringComparison.Ordinal) ? path[..^"bias".Length] + "beta" : null;
    }

    /// <summary>Whether a stored name holds no weight.</summary>
    public bool IsBuffer(string stored) =>
        commonBuffers.Concat(Buffers).Any(end => stored == end || stored.EndsWith("." + end, StringComparison.Ordinal));

    /// <summary>Whether a stored name is of another task's head.</summary>
    public bool IsOtherHead(string stored)
    {
        string path = stored.StartsWith(Body + ".", StringComparison.Ordinal) ? stored[(Body.Length + 1)..] : stored;
        return otherHeads.Concat(Heads).Contains(path.Split('.')[0]);
    }
}
