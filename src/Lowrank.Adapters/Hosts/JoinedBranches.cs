namespace Lowrank.Adapters;

/// <summary>
/// The low-rank branches that work on a layer as one: their A's stacked, (sum of ranks, in, kernel...), each with its scale and strength,
/// and their B's side by side, (out, sum of ranks), in the dtype that is computed in.
/// </summary>
/// <remarks>
/// Where nothing goes back, a layer so has two thin products in place of two for each adapter, nothing of the answer's size beside the
/// answer, and no casts. It takes half as much memory as the adapters in bfloat16, as much in float32.
/// </remarks>
sealed class JoinedBranches : IDisposable
{
    readonly Tensor[] parts;
    readonly WriteMark mark;
    readonly Tensor down, up;

    JoinedBranches(IReadOnlyList<(ThinFactors Factors, double Strength)> branches, Tensor[] parts, ScalarType dtype)
    {
        this.parts = parts;
        mark = WriteMark.Of(parts);
        using var scope = NewDisposeScope();
        // Rounded once, after scaling.
        var downs = branches.Select(one => (one.Factors.Down.detach() * (one.Factors.Scale * one.Strength)).to(dtype)).ToArray();
        var ups = branches.Select(one => one.Factors.Up.detach().reshape(one.Factors.Up.shape[0], -1).to(dtype)).ToArray();
        down = (downs.Length == 1 ? downs[0] : cat(downs)).DetachFromDisposeScope();
        // A tensor of its own: of one in float32 the cast gives the part itself.
        up = cat(ups, 1).DetachFromDisposeScope();
    }

    static bool Suit(IAdaptable layer) => layer.Kind switch
    {
        LayerKind.Linear or LayerKind.TransposedLinear => true,
        LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d => layer.Convolution is { Groups: 1 },
        _ => false,
    };

    /// <summary>The factors of all that works; null where something is no low-rank branch, or chance may act on it.</summary>
    public static Tensor[]? PartsOf(IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working)
    {
        var parts = new List<Tensor>(2 * working.Count);
        foreach (var (one, _) in working)
        {
            bool mayBeLeftOut = one.ModuleDropout > 0 && one.training;
            if (mayBeLeftOut || one.Thin is not { } thin) return null;
            parts.Add(thin.Down);
            parts.Add(thin.Up);
        }
        return [.. parts];
    }

    /// <summary>The branches of all that works on a layer, for an input; null where they do not join.</summary>
    public static JoinedBranches? Of(
        IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working, IAdaptable layer, Tensor x)
    {
        if (!Suit(layer) || PartsOf(working) is not { Length: > 0 } parts) return null;
        var branches = new List<(ThinFactors, double)>();
        foreach (var (one, strength) in working)
        {
            if (one.Thin is not { } thin || !Suits(thin.Down, layer, x)) return null;
            branches.Add((thin, strength));
        }
        return new(branches, parts, x.dtype);
    }

    /// <summary>Whether they are of an input's dtype and device, and still what the parts say.</summary>
    public bool Hold(IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working, IAdaptable layer, Tensor x)
    {
        if (down.dtype != x.dtype || !Suits(down, layer, x)) return false;
        if (PartsOf(working) is not { } now || now.Length != parts.Length) return false;
        for (int i = 0; i < parts.Length; i++)
            if (!ReferenceEquals(now[i], parts[i])) return false;
        return mark.IsCounted && mark == WriteMark.Of(parts);
    }

    /// <summary>The layer's answer with all of them.</summary>
    /// <param name="x">Input.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="answer">The layer's own answer; null where it was not asked yet.</param>
    public Tensor Forward(Tensor x, IAdaptable layer, Tensor? answer)
    {
        bool isOurs = answer is null;   // what was given by somebody else is not written to
        var y = answer ?? layer.Run(x);
        return layer.Convolution is { } walk
            ? ThinBranch.Added(y, x, walk, down, up, isOurs)
            : ThinBranch.Added(y, x, down, up, isOurs);
    }

    // A convolution takes an input without a batch too.
    static bool Suits(Tensor down, IAdaptable layer, Tensor x) =>
        down.device_type == x.device_type && down.device_index == x.device_index
        && (layer.Convolution is null || x.dim() == down.dim());

    /// <inheritdoc/>
    public void Dispose()
    {
        down.Dispose();
        up.Dispose();
    }
}
