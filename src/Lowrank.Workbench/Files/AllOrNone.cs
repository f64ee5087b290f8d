namespace Lowrank.Workbench;

/// <summary>Opens several things that are used together.</summary>
static class AllOrNone
{
    /// <summary>Opens a thing for each source, in order. If one cannot be opened, those before it are disposed.</summary>
    public static List<T> Open<TSource, T>(IEnumerable<TSource> sources, Func<TSource, T> open) where T : IDisposable
    {
        var opened = new List<T>();
        try
        {
            foreach (var source in sources) opened.Add(open(source));
            return opened;
        }
        catch
        {
            opened.ForEach(thing => thing.Dispose());
            throw;
        }
    }
}
