namespace Lowrank.Workbench;

/// <summary>The pictures of one request in one: prompts down, seeds across.</summary>
static class SeriesGrid
{
    /// <summary>
    /// The grid, with the first picture's text and the axes as AUTOMATIC1111 writes them: a grid over an axis of seeds and one of prompts
    /// looks the same.
    /// </summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="across">The pictures of the first prompt.</param>
    /// <param name="pictures">All pictures of the first prompt, then those of the second, ...</param>
    public static Picture Of(GeneratingRequest request, IReadOnlyList<ReadPrompt> across, IReadOnlyList<Picture> pictures)
    {
        var (seeds, look) = (request.Seeds, request.Look);
        bool areTold = seeds.Count > 1;
        LabelText[]? titles = areTold && look.Legend ? [.. across.Select(one => (LabelText)TitleOf(request, one))] : null;
        LabelText[]? down = look.Legend ? [.. request.Prompts] : null;
        var laid = PictureGrid.Compose([.. pictures.Chunk(seeds.Count)], down, titles, margin: look.Margin);
        if (pictures[0].InfoText is not { } text) return laid;
        var first = InfoText.Parse(text);
        var info = first with { Fields = [.. first.Fields, .. Facts(request, areTold), .. look.Facts, .. Untold(request, first)] };
        return new(laid.Width, laid.Height, laid.Pixels) { InfoText = info.Format() };
    }

    static string TitleOf(GeneratingRequest request, ReadPrompt one)
    {
        string seed = $"Seed: {Seeds.Text(one.Seed)}";
        return request.SharesSeed ? $"{seed}, {PlainValue.Text((long)one.Number + 1)}" : seed;
    }

    static IEnumerable<KeyValuePair<string, string>> Facts(GeneratingRequest request, bool tellsSeeds)
    {
        yield return new("Script", "X/Y/Z plot");
        string seeds = GridValues.Join(request.Seeds.Select(Seeds.Text));
        if (tellsSeeds)
        {
            yield return new("X Type", "Seed");
            yield return new(SeedsField, seeds);
            yield return new("Fixed X Values", seeds);
        }
        yield return new("Y Type", "Prompt");
        yield return new(PromptsField, GridValues.Join(request.Prompts));
        yield return new(BatchField, PlainValue.Text((long)request.Options.Batch));
        if (request.IsBatch) yield return new(CountedField, PlainValue.Text(true));
    }

    /// <summary>Fields of a grid's text; where there is a batch, it is such a grid.</summary>
    public const string PromptsField = "Y Values", SeedsField = "X Values", BatchField = "Grid batch", CountedField = "Grid counted";

    /// <summary>The request that draws it again, of the request that draws its first picture.</summary>
    /// <param name="first">The request that draws the first picture.</param>
    /// <param name="info">The grid's text.</param>
    /// <remarks>Pictures of another batch may differ in the last bits.</remarks>
    public static GeneratingRequest Again(GeneratingRequest first, InfoText info)
    {
        var seeds = GridValues.Split(info[SeedsField] ?? "").Select(Seeds.Read).OfType<long>().ToList();
        return first with
        {
            Grid = true,
            Prompts = GridValues.Split(info[PromptsField] ?? ""),
            Seeds = seeds.Count > 0 ? seeds : first.Seeds,
            IsBatch = PlainValue.ReadSwitch(info[CountedField] ?? "") ?? false,
            Options = first.Options with { Batch = PlainValue.ReadWhole(info[BatchField] ?? "") ?? first.Options.Batch, Part = null },
        };
    }

    static IEnumerable<KeyValuePair<string, string>> Untold(GeneratingRequest request, InfoText first) =>
        GridBaseField.Untold(request, first, ["Seed", "Prompt"]);
}
