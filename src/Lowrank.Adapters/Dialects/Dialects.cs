namespace Lowrank.Adapters;

/// <summary>Every dialect there is.</summary>
public static class Dialects
{
    static readonly NamedList<Dialect> list = new("dialect", static dialect => [dialect.Name],
        new KohyaDialect(), new KohyaOftDialect(), new OneTrainerDialect(), new AiToolkitDialect(), new LycorisDialect(),
        new ComfyUiDialect(), new DottedDialect(), new DiffusersDialect(), new DiffusersMiddleDialect(), new DiffusersOldDialect(),
        new PeftDialect(), new CloneofsimoDialect(), new LoralibDialect(), new GgufDialect(), new MlxDialect(),
        new TextualInversionDialect());

    /// <summary>The list.</summary>
    public static IReadOnlyList<Dialect> All => list.All;

    /// <summary>Adds a dialect, before the list is used.</summary>
    /// <exception cref="LowrankException">The list was used before, or there is a dialect of that name.</exception>
    public static void Add(Dialect dialect) => list.Add(dialect);

    /// <summary>The dialect of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static Dialect Named(string name) => list.Named(name);

    /// <summary>The dialects that recognize a file, but for those of which another that does is a special case.</summary>
    public static IReadOnlyList<Dialect> Recognizing(ITensorFile file)
    {
        if (All.FirstOrDefault(d => d.Owns(file)) is { } owner) return [owner];
        var found = All.Where(d => d.Recognizes(file)).ToList();
        return [.. found.Where(d => !found.Exists(other => other.Refines == d.Name))];
    }

    /// <summary>The dialect of a file.</summary>
    /// <exception cref="LowrankException">None recognizes it, or several do.</exception>
    public static Dialect Of(ITensorFile file)
    {
        RequireTensors(file);
        return Recognizing(file) switch
        {
            [var one] => one,
            [] => throw new LowrankException($"{file.Path} is no adapter in a known dialect ({Names(All)}): " +
                $"its first keys are {string.Join(", ", file.Tensors.Take(3).Select(t => t.Name))}"),
            var several => throw new LowrankException(
                $"{file.Path} could be of several dialects: {Names(several)}. Are two files in one? Each on its own can be read."),
        };
    }

    /// <summary>Throws where a file holds no tensors, and so neither an adapter nor anything else.</summary>
    /// <exception cref="LowrankException">It holds none.</exception>
    public static void RequireTensors(ITensorFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Tensors.Count == 0)
            throw new LowrankException($"{file.Path} holds no tensors, and so no adapter. Was it cut off while saving?");
    }

    /// <summary>The dialects in which an adapter can be written.</summary>
    public static IReadOnlyList<Dialect> Holding(Adapter adapter, ModelDescription model) =>
        [.. All.Where(d => d.Refuses(adapter, model) is null)];

    internal static string Names(IEnumerable<Dialect> dialects) => string.Join(", ", dialects.Select(d => d.Name));
}
