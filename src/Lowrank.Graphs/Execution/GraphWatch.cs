namespace Lowrank.Graphs;

/// <summary>Is told what happens while a graph runs.</summary>
public class GraphWatch
{
    /// <summary>Outputs are not run, as in ComfyUI, where others can be; told before the run begins.</summary>
    /// <param name="faults">What is wrong, node by node, with the outputs that do not run for it.</param>
    public virtual void LeavesOut(IReadOnlyList<NodeFaults> faults)
    {
    }

    /// <summary>The run begins.</summary>
    /// <param name="cached">Ids of the nodes that need not be computed.</param>
    /// <param name="pending">Ids of the nodes that will be.</param>
    public virtual void Begins(IReadOnlyList<string> cached, IReadOnlyList<string> pending)
    {
    }

    /// <summary>A node is being computed.</summary>
    public virtual void Runs(PlacedNode node)
    {
    }

    /// <summary>A node is done.</summary>
    /// <param name="node">The node.</param>
    /// <param name="values">A value for each output; lent.</param>
    /// <param name="shows">What it shows besides.</param>
    public virtual void Done(PlacedNode node, IReadOnlyList<GraphValue> values, NodeShows shows)
    {
    }

    /// <summary>An output node that need not be computed shows what it showed before.</summary>
    public virtual void ShowsAgain(PlacedNode node, NodeShows shows)
    {
    }
}
