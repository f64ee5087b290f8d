namespace Lowrank.Adapters;

/// <summary>Which rows of a layer's batch have which reparameterization; the other rows are the base's.</summary>
sealed class RowPlan(Target target, int count, IReadOnlyList<(AdaptedLayer.Entry Entry, RowIndex Rows)> shares)
{
    /// <summary>Whether no row has an adapter here.</summary>
    public bool IsBase => shares.Count == 0;

    /// <summary>The layer's answer, each row with its own reparameterization.</summary>
    /// <param name="x">Input, the rows along its first axis.</param>
    /// <param name="host">The layer's.</param>
    /// <param name="seen">Its list as this call sees it.</param>
    /// <param name="answer">The layer's own answer; null where it was not asked yet.</param>
    public Tensor Forward(Tensor x, AdaptedLayer host, LayerState seen, Tensor? answer)
    {
        var layer = host.Layer;
        RefuseMerged(seen);
        if (IsBase) return answer ?? layer.Run(x);   // also of a batch of other rows: all of them are the base's
        RefuseOtherRows(x);
        var working = shares.Select(share => (Placed: InList(seen, share.Entry), share.Rows))
            .Where(share => share.Placed.Works && !CallChoice.LeavesOut(share.Placed.Entry))
            .Select(share => (share.Placed.Entry.Reparameterization, share.Placed.Strength, share.Rows))
            .Where(share => !share.Reparameterization.SitsOutOfCall()).ToList();
        // The base is not asked where every row is answered by a weight of its own.
        bool own = answer is null;
        int whole = working.Where(share => !share.Reparameterization.HasBranch).Sum(share => share.Rows.Count);
        var y = answer ?? (whole < count ? layer.Run(x) : null);
        foreach (var (reparameterization, strength, rows) in working)
        {
            var index = rows.On(x.device);
            bool isPart = rows.Count < count;
            var part = isPart ? x.index_select(0, index) : x;
            using var told = isPart && reparameterization.DependsOnInput ? CallTokens.TellRows(index) : null;
            if (reparameterization.HasBranch)
            {
                var branch = reparameterization.Branch(part, layer, strength).to(y!.dtype);
                y = own ? y.index_add_(0, index, branch, 1) : y.index_add(0, index, branch, 1);
            }
            else
            {
                var adapted = reparameterization.Forward(part, layer, strength);
                y ??= empty([count, .. adapted.shape[1..]], adapted.dtype, adapted.device);
                y = own ? y.index_copy_(0, index, adapted.to(y.dtype)) : y.index_copy(0, index, adapted.to(y.dtype));
            }
            own = true;   // what was given by somebody else is no longer written to
        }
        return y!;
    }

    /// <summary>Throws where the base's weight is not at hand.</summary>
    public void RefuseMerged(LayerState seen)
    {
        if (seen.IsMerged)
            throw new LowrankException($"{target} was merged since the block of {nameof(ModelAdaptation.PerRow)} was opened, so that no " +
                "row can be without its adapters; unmerge the model first");
    }

    Placed InList(LayerState seen, AdaptedLayer.Entry entry) => seen.Of(entry) ?? throw new LowrankException(
        $"an adapter of this batch was detached from {target} since the block of {nameof(ModelAdaptation.PerRow)} was opened");

    void RefuseOtherRows(Tensor x)
    {
        if (x.dim() < LeastAxes)
            throw new LowrankException($"{target} was given a tensor {x.shape.Text()} without an axis of rows, and {count} rows " +
                $"were given adapters; put a batch of {count} in front");
        long seen = x.shape[0];
        if (seen == count) return;
        string advice = seen > count && seen % count == 0
            ? $"Each row comes {seen / count} times there, as with heads, patches or frames laid into the batch, or two halves for " +
              "guidance: where the order is known, name an adapter for each of them; else keep the batch's axis, " +
              "or run each adapter's rows on their own with the others switched off."
            : "Name one adapter for each row, null for the base.";
        throw new LowrankException($"{target} was given a batch of {seen}, and {count} rows were given adapters. {advice}");
    }

    // Axes that a layer's input has with a batch.
    int LeastAxes => target.Kind switch
    {
        LayerKind.Embedding => 1,
        LayerKind.Conv1d or LayerKind.ConvTranspose1d => 3,
        LayerKind.Conv2d or LayerKind.ConvTranspose2d => 4,
        LayerKind.Conv3d or LayerKind.ConvTranspose3d => 5,
        _ => 2,
    };
}
