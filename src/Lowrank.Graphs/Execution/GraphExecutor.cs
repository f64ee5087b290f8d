using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>
/// Runs graphs one after the other, and keeps what the last one computed: a node whose class, values and ancestors are the same is not
/// computed again.
/// </summary>
/// <param name="settings">What holds for all nodes.</param>
public sealed class GraphExecutor(GraphSettings settings) : IDisposable
{
    readonly GraphSettings settings = settings ?? throw new ArgumentNullException(nameof(settings));
    readonly Dictionary<string, CachedNode> cache = [];
    bool isDisposed;

    /// <summary>Runs the outputs of a checked graph, each after what it hangs on.</summary>
    /// <param name="verdict">The graph and its outputs.</param>
    /// <param name="watch">Told what happens.</param>
    /// <param name="extra">What the interface sent with the graph, by name ("workflow"), which saved files tell too.</param>
    /// <param name="cancel">Looked at before every node, between steps, and between layers.</param>
    /// <exception cref="LowrankException">Nothing of the graph can run; all faults are told.</exception>
    /// <exception cref="GraphFailure">A node failed; outputs that were done before stay done.</exception>
    public void Run(
        GraphVerdict verdict, GraphWatch watch, IReadOnlyDictionary<string, object?>? extra = null, CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(watch);
        if (verdict.Fault is not null || verdict.Outputs.Count == 0) throw Refused(verdict);
        if (verdict.Faults.Count > 0) watch.LeavesOut([.. verdict.Faults.Values]);
        using var stop = StopSign.Watch(cancel);
        var graph = verdict.Graph;
        var signatures = new NodeSignatures(graph, settings.Folders);
        var keys = graph.Nodes.ToDictionary(node => node.Id, node => signatures.Of(node.Id));
        Drop(key => !keys.ContainsValue(key));
        var pending = new PendingNodes(graph, verdict.Outputs, id => cache.ContainsKey(keys[id]));
        string[] cached = [.. graph.Nodes.Select(node => node.Id).Where(id => cache.ContainsKey(keys[id]))];
        watch.Begins(cached, [.. pending.Left.Except(cached)]);
        List<KeyValuePair<string, object?>> texts = [new("prompt", graph.Written()), .. extra ?? new Dictionary<string, object?>()];
        var done = new List<string>();
        while (pending.Next() is { } id)
        {
            cancel.ThrowIfCancellationRequested();
            if (cache.TryGetValue(keys[id], out var known)) watch.ShowsAgain(graph[id], known.Shows);
            else
            {
                watch.Runs(graph[id]);
                var given = InputsOf(graph[id], keys);
                var run = new NodeRun(GraphNodes.Of(graph[id]), graph[id], given, settings) { Texts = texts, Cancel = cancel };
                var made = Computed(graph[id], run, given.Values, done);
                cache[keys[id]] = made;
                done.Add(id);
                watch.Done(graph[id], made.Values, made.Shows);
            }
            pending.Done(id);
        }
    }

    LowrankException Refused(GraphVerdict verdict)
    {
        var faults = new GraphReview(verdict, settings.Folders).Faults();
        return new("The graph cannot run:", faults.Count > 0 ? faults : ["No output of it was found to be able to run."]);
    }

    Dictionary<string, GraphValue> InputsOf(PlacedNode placed, Dictionary<string, string> keys)
    {
        var node = GraphNodes.Of(placed);
        var given = new Dictionary<string, GraphValue>();
        foreach (var (name, written) in placed.Inputs)
        {
            if (node.Input(name) is null) continue;
            if (GraphLink.Of(written) is { } link) given[name] = cache[keys[link.From]].Values[link.Slot];
            else if (ValueOf(written) is { } value) given[name] = value;
        }
        return given;
    }

    static GraphValue? ValueOf(object? written) => written switch
    {
        BigInteger whole => new WholeValue(whole),
        double number => new NumberValue(number),
        string text => new TextValue(text),
        bool on => new FlagValue(on),
        _ => null,
    };

    static CachedNode Computed(PlacedNode placed, NodeRun run, IEnumerable<GraphValue> given, List<string> done)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            run.TellOfLinked();
            var values = GraphNodes.Of(placed).Run(run);
            // Values that were passed on belong to the nodes above, which stay as long as this one.
            var born = values.SelectMany(TensorsOf).Except(given.SelectMany(TensorsOf), ReferenceEqualityComparer.Instance);
            var owned = born.Cast<Tensor>().Select(tensor => tensor.DetachFromDisposeScope()).ToList();
            return new(values, run.Shows, [.. run.Kept, .. owned]);
        }
        catch (Exception error)
        {
            foreach (var thing in run.Kept) thing.Dispose();
            if (error is OperationCanceledException) throw;
            throw new GraphFailure(placed, done, error, run.Shows.Files);
        }
    }

    static IEnumerable<object> TensorsOf(GraphValue value) => value.Tensors;

    void Drop(Func<string, bool> isDropped)
    {
        foreach (string key in cache.Keys.Where(isDropped).ToList())
        {
            cache[key].Dispose();
            cache.Remove(key);
        }
    }

    /// <summary>Frees what is kept; nothing can be run afterwards.</summary>
    public void Dispose()
    {
        isDisposed = true;
        Drop(_ => true);
    }
}
