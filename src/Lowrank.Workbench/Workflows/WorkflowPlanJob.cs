using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>Tells what a ComfyUI graph would do, and whether it can; loads no model.</summary>
public sealed class WorkflowPlanJob : Job<WorkflowRequest, WorkflowPlan>
{
    /// <inheritdoc/>
    protected override WorkflowPlan Work(WorkflowRequest request, JobRun run)
    {
        var workflow = CheckedWorkflow.Of(request);
        var nodes = workflow.Faults.Count > 0 ? [] : PlannedNode.Of(workflow.Verdict, request.Folders);
        return new(request.Graph, nodes, workflow.Faults, workflow.Account.Lines);
    }
}
