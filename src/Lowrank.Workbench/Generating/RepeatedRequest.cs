namespace Lowrank.Workbench;

/// <summary>What a picture's text asks for, and what is asked for beside it, which comes before the text.</summary>
public static class RepeatedRequest
{
    /// <summary>Finds adapters that a text names: among those of a request by their files' names, else in its folder of adapters.</summary>
    /// <exception cref="LowrankException">There is no such folder; of an adapter, several files have its name.</exception>
    public static Func<string, string?> AdaptersOf(GeneratingRequest asked)
    {
        var folder = asked.Reading.Adapters is { } place ? new AdapterFolder(place) : null;
        return name => asked.Adapters.FirstOrDefault(choice => PlaceName.Of(choice.Path) == name)?.Path ?? folder?.TryFind(name);
    }

    // What a text may say, as requests call it.
    static readonly string[] held =
    [
        "steps", "guidance", "width", "height", "seed", "sampler", "schedule", "clip skip", "max tokens", "strength", "mask blur",
        "padding", "outpaint", "hires", "hires steps", "hires strength", "hires upscaler", "tiling", "freeu", "pag", "guidance rescale",
        "variation", "variation seed", "refiner at", "sampler option", "eta",
    ];

    /// <summary>What <paramref name="work"/> answers; of values that it refuses, those that nobody gave are told as the text's.</summary>
    /// <param name="picture">Where the text stands.</param>
    /// <param name="given">Fields that are given beside the text: "clip skip".</param>
    /// <param name="work">The work.</param>
    public static T Blamed<T>(string picture, IReadOnlyCollection<string> given, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LowrankException fault)
        {
            bool IsNamed(string field) => fault.Message.Contains($"`{field}`", StringComparison.Ordinal);
            string[] named = [.. held.Where(field => !given.Contains(field) && IsNamed(field))];
            if (named.Length == 0) throw;
            string told = string.Join(" and ", named.Select(field => $"`{field}`"));
            string those = named.Length == 1 ? "is" : "are";
            string blame = $"{told} {those} what the text of {picture} says; what is given beside it comes before";
            throw RequestException.Retold(fault, $"{fault.Message} {blame}.");
        }
    }

    /// <summary>Both in one.</summary>
    /// <param name="told">The request of the text.</param>
    /// <param name="asked">What is asked for beside it; of it prompts, seeds, adapters and what was chosen count.</param>
    /// <param name="givesSeeds">Whether its seeds are given, rather than what nobody said.</param>
    /// <param name="settings">Sets of a request what else is asked for.</param>
    public static GeneratingRequest Under(
        GeneratingRequest told, GeneratingRequest asked, bool givesSeeds, Func<GeneratingRequest, GeneratingRequest> settings)
    {
        var set = settings(told);
        bool takesSeeds = givesSeeds || told.Seeds.Count == 0;
        bool isOther = set != told || asked.Prompts.Count > 0 || takesSeeds || told.Count > 1;
        var added = asked.Adapters.Where(adapter => told.Adapters.All(one => one.Path != adapter.Path));
        return set with
        {
            Prompts = asked.Prompts.Count > 0 ? asked.Prompts : told.Prompts,
            Seeds = takesSeeds ? asked.Seeds : told.Seeds,
            Adapters = [.. told.Adapters, .. added],
            Options = takesSeeds ? set.Options with { Part = null } : set.Options,
            Given = told.Given | asked.Given,
            // Of another picture the place in a batch means nothing, and would only cost.
            Place = isOther ? null : told.Place,
        };
    }
}
