namespace Lowrank.Language;

/// <summary>What tells whether a model would read tokens as it has: its weights, and the adapters that act on it.</summary>
sealed class CacheStanding : IEquatable<CacheStanding>
{
    readonly WriteMark mark;
    readonly List<object?> parts = [];

    CacheStanding(LanguageModel model, IReadOnlyList<Attachment> attached, string? adapter)
    {
        var tensors = new List<Tensor>(model.Network.parameters());
        parts.Add(adapter);
        parts.Add(model.Network.Dtype);
        parts.Add(model.Network.training);
        foreach (var layer in model.Network.modules().OfType<IAdaptable>())
        {
            parts.Add(layer.Weight);
            parts.Add(layer.Host?.Standing);
        }
        foreach (var attachment in attached) Add(attachment, tensors);
        parts.AddRange(tensors);
        mark = WriteMark.Of([.. tensors]);
    }

    void Add(Attachment attachment, List<Tensor> tensors)
    {
        parts.AddRange([attachment, attachment.Active, attachment.IsMerged, attachment.Strength]);
        foreach (var (path, one) in attachment.Adapter.Targets)
        {
            parts.Add(attachment.StrengthAt(path));
            tensors.AddRange(one.parameters());
        }
        if (attachment.Adapter.Prompt is { } prompt) tensors.Add(prompt.Rows);
    }

    /// <summary>As it is now; null where nothing that was read says what it would say among other tokens, and where a block around the
    /// call chooses its adapters.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">The adapter that a request names.</param>
    public static CacheStanding? Of(LanguageModel model, string? adapter)
    {
        if (model.Network.Config.TurnsByLength || ModelAdaptation.IsInBlock) return null;
        var attached = model.Adapters.All;
        if (attached.Any(one => one.Adapter.Targets.Values.Any(part => part.DependsOnInput))) return null;
        var standing = new CacheStanding(model, attached, adapter);
        return standing.mark.IsCounted ? standing : null;
    }

    /// <inheritdoc/>
    public bool Equals(CacheStanding? other) => other is not null && mark == other.mark && parts.SequenceEqual(other.parts, Same.One);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CacheStanding);

    /// <inheritdoc/>
    public override int GetHashCode() => mark.GetHashCode();

    // A tensor's own Equals compares values.
    sealed class Same : IEqualityComparer<object?>
    {
        public static Same One { get; } = new();

        bool IEqualityComparer<object?>.Equals(object? x, object? y) => x is Tensor ? ReferenceEquals(x, y) : object.Equals(x, y);

        int IEqualityComparer<object?>.GetHashCode(object? obj) => 0;
    }
}
