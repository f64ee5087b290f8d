namespace Lowrank.Adapters;

/// <summary>
/// The low-rank branches that work on a layer as one: their A's stacked, (sum of ranks, in, kernel...), each with its scale and strength,
/// and their B's side by side, (out, sum of ranks).
/// </summary>
/// <remarks>
/// Where nothing goes back, a layer so has two thin products in place of two for each adapter, nothing of the answer's size beside the
/// answer, and no casts. It takes as much memory as the adapters, half of that where libtorch's products in bfloat16 do it.
/// </remarks>
sealed class JoinedBranches : IDisposable
{
    readonly IReadOnlyList<(Reparameterization Reparameterization, double Strength)> choice;
    readonly Tensor[] parts;
    readonly WriteMark mark;
    readonly ThinPair pair;
    readonly (ScalarType Dtype, DeviceType Device, int Index) place;
    readonly int axes;   // of A

    JoinedBranches(
        IReadOnlyList<(Reparameterization Reparameterization, double Strength)> choice,
        IReadOnlyList<(ThinFactors Factors, double Strength)> branches, Tensor[] parts, IAdaptable layer, Tensor x)
    {
        (this.choice, this.parts) = (choice, parts);
        mark = WriteMark.Of(parts);
        place = PlaceOf(x);
        long[] shape = branches[0].Factors.Down.shape;
        axes = shape.Length;
        long ranks = branches.Sum(one => one.Factors.Down.shape[0]);
        pair = new(() => Joined(branches), ranks, x.dtype, layer.Convolution, isPointwise: shape.Skip(2).All(size => size == 1));
    }

    // In float32: rounded once, after scaling.
    static (Tensor Down, Tensor Up) Joined(IReadOnlyList<(ThinFactors Factors, double Strength)> branches)
    {
        var downs = branches.Select(one => one.Factors.Down.detach() * (one.Factors.Scale * one.Strength)).ToArray();
        var ups = branches.Select(one => one.Factors.Up.detach().reshape(one.Factors.Up.shape[0], -1)).ToArray();
        return (downs.Length == 1 ? downs[0] : cat(downs), cat(ups, 1));
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
        return new(working, branches, parts, layer, x);
    }

    /// <summary>Whether they are of an input's dtype and device, and still what the parts say.</summary>
    public bool Hold(IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working, IAdaptable layer, Tensor x)
    {
        if (place != PlaceOf(x) || (layer.Convolution is not null && x.dim() != axes)) return false;
        return AreOf(working) && HaveSameParts() && mark.IsCounted && mark == WriteMark.Of(parts);
    }

    /// <summary>Whether they were made of the same, at the same strengths.</summary>
    public bool AreOf(IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working)
    {
        if (ReferenceEquals(working, choice)) return true;
        if (working.Count != choice.Count) return false;
        for (int i = 0; i < working.Count; i++)
            if (!ReferenceEquals(working[i].Reparameterization, choice[i].Reparameterization) || working[i].Strength != choice[i].Strength)
                return false;
        return true;
    }

    // As at their making, without a list of them.
    bool HaveSameParts()
    {
        for (int i = 0; i < choice.Count; i++)
        {
            var one = choice[i].Reparameterization;
            bool mayBeLeftOut = one.ModuleDropout > 0 && one.training;
            if (mayBeLeftOut || one.Thin is not { } thin) return false;
            if (!ReferenceEquals(thin.Down, parts[2 * i]) || !ReferenceEquals(thin.Up, parts[2 * i + 1])) return false;
        }
        return true;
    }

    static (ScalarType, DeviceType, int) PlaceOf(Tensor tensor) => (tensor.dtype, tensor.device_type, tensor.device_index);

    /// <summary>The layer's answer with all of them.</summary>
    /// <param name="x">Input.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="answer">The layer's own answer; null where it was not asked yet.</param>
    public Tensor Forward(Tensor x, IAdaptable layer, Tensor? answer)
    {
        bool isOurs = answer is null;   // what was given by somebody else is not written to
        var y = answer ?? layer.Run(x);
        return pair.Added(y, x, isOurs);
    }

    // A convolution takes an input without a batch too.
    static bool Suits(Tensor down, IAdaptable layer, Tensor x) =>
        down.device_type == x.device_type && down.device_index == x.device_index
        && (layer.Convolution is null || x.dim() == down.dim());

    /// <inheritdoc/>
    public void Dispose() => pair.Dispose();
}
