namespace Lowrank.Adapters;

/// <summary>Every dialect there is.</summary>
public static class Dialects
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [new KohyaDialect(), new KohyaOftDialect(), new PeftDialect()];

    /// <summary>The dialect of that name.</summary>
    public static Dialect Named(string name) => All.FirstOrDefault(d => d.Name == name)
        ?? throw new LowrankException($"no dialect \"{name}\"; there are {Names(All)}");

    /// <summary>The dialect of a file's keys.</summary>
    /// <exception cref="LowrankException">None recognizes them, or several do.</exception>
    public static Dialect Of(ITensorFile file)
    {
        if (file.Tensors.Count == 0) throw new LowrankException($"{file.Path} holds no tensors. Was it cut off while saving?");
        var found = All.Where(d => d.Recognizes(file.Tensors.Select(t => t.Name))).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new LowrankException($"{file.Path} is no adapter in a known dialect ({Names(All)}): " +
                $"its first keys are {string.Join(", ", file.Tensors.Take(3).Select(t => t.Name))}"),
            _ => throw new LowrankException($"{file.Path} could be of several dialects: {Names(found)}. Name the one it is."),
        };
    }

    static string Names(IEnumerable<Dialect> dialects) => string.Join(", ", dialects.Select(d => d.Name));
}
