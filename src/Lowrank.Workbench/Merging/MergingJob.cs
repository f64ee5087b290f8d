using System.Diagnostics;

namespace Lowrank.Workbench;

/// <summary>Merges adapters into a base model, adapters into one adapter, or base models with each other.</summary>
public sealed class MergingJob : Job<MergingRequest, MergingReport>
{
    /// <inheritdoc/>
    protected override MergingReport Work(MergingRequest request, JobRun run) => request.Way switch
    {
        MergeWay.AdaptersIntoModel => MergeIntoModel.Run(request, run),
        MergeWay.AdaptersIntoAdapter => MergeIntoAdapter.Run(request, run),
        MergeWay.WeightedSum => MergeOfModels.WeightedSum(request, run),
        MergeWay.Difference => MergeOfModels.Difference(request, run),
        _ => throw new UnreachableException(),
    };
}
