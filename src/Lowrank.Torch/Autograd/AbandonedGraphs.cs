using System.Reflection;

namespace Lowrank.Torch;

/// <summary>Frees what custom functions hold for a backward pass, once their graph is gone without one.</summary>
/// <remarks>
/// A forward pass with gradients whose answer is disposed of leaves no graph, but TorchSharp tells nobody so, and the collector, which
/// would free what is held, does not see native memory and comes late. Each function that is recorded therefore looks at two that were
/// recorded on its thread before: what lingers is at most what as many functions hold as are recorded in one pass.
/// </remarks>
static class AbandonedGraphs
{
    const int Looks = 2;
    const string Key = "watched";

    // TorchSharp sets it to null when the graph's node goes; were the field another one day, the collector would free as it does now.
    static readonly FieldInfo? life =
        typeof(autograd.AutogradContext).GetField("_savedVariables", BindingFlags.Instance | BindingFlags.NonPublic);

    sealed record Watched(autograd.AutogradContext Context, Held[] Held)
    {
        public bool IsFreed => Array.TrueForAll(Held, held => held.IsFreed);

        public bool IsGone => life is not null && life.GetValue(Context) is null;
    }

    // Weak, so that the collector may come first.
    [ThreadStatic] static Queue<WeakReference<Watched>>? queue;

    /// <summary>Watches a function that is being recorded, and looks at others.</summary>
    /// <param name="context">The function's.</param>
    /// <param name="held">What it holds.</param>
    public static void Watch(autograd.AutogradContext context, Held[] held)
    {
        if (held.Length == 0) return;
        queue ??= [];
        for (int i = 0; i < Looks && queue.TryDequeue(out var oldest); i++)
        {
            if (!oldest.TryGetTarget(out var one) || one.IsFreed) continue;
            if (one.IsGone) Array.ForEach(one.Held, gone => gone.Free());
            else queue.Enqueue(oldest);
        }
        var watched = new Watched(context, held);
        context.save_data(Key, watched);
        queue.Enqueue(new(watched));
    }
}
