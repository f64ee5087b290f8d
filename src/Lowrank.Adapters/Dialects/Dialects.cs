namespace Lowrank.Adapters;

/// <summary>Every dialect there is.</summary>
public static class Dialects
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<Dialect> All { get; } =
    [
        new KohyaDialect(), new KohyaOftDialect(), new OneTrainerDialect(), new AiToolkitDialect(), new LycorisDialect(), new ComfyUiDialect(),
        new DiffusersDialect(), new DiffusersMiddleDialect(), new DiffusersOldDialect(), new PeftDialect(), new CloneofsimoDialect(), new LoralibDialect(), new TextualInversionDialect(),
    ];

    /// <summary>The dialect of that name.</summary>
    public static Dialect Named(string name) => All.FirstOrDefault(d => d.Name == name)
        ?? throw new LowrankException($"no dialect \"{name}\"; there are {Names(All)}");

    /// <summary>The dialects that recognize a file, but for those of which another that does is a special case.</summary>
    public static IReadOnlyList<Dialect> Recognizing(ITensorFile file)
    {
        var found = All.Where(d => d.Recognizes(file)).ToList();
        return [.. found.Where(d => !found.Exists(other => other.Refines == d.Name))];
    }

    /// <summary>The dialect of a file.</summary>
    /// <exception cref="LowrankException">None recognizes it, or several do.</exception>
    public static Dialect Of(ITensorFile file)
    {
        if (file.Tensors.Count == 0) throw new LowrankException($"{file.Path} holds no tensors. Was it cut off while saving?");
        return Recognizing(file) switch
        {
            [var one] => one,
            [] => throw new LowrankException($"{file.Path} is no adapter in a known dialect ({Names(All)}): " +
                $"its first keys are {string.Join(", ", file.Tensors.Take(3).Select(t => t.Name))}"),
            var several => throw new LowrankException($"{file.Path} could be of several dialects: {Names(several)}. Are two files in one? Each on its own can be read."),
        };
    }

    /// <summary>The dialects in which an adapter can be written.</summary>
    public static IReadOnlyList<Dialect> Holding(Adapter adapter, ModelDescription model) => [.. All.Where(d => d.Refuses(adapter, model) is null)];

    internal static string Names(IEnumerable<Dialect> dialects) => string.Join(", ", dialects.Select(d => d.Name));
}
