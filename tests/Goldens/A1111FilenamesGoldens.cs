using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>File names as AUTOMATIC1111 makes them of patterns, prompts, and what a folder holds.</summary>
public sealed class A1111FilenamesGoldens
{
    const string Group = "diffusion/a1111/filenames";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Name(string name) => Golden.Run(Group, name, c =>
    {
        if (c["pattern"].ValueKind == JsonValueKind.String) Pattern(c);
        else if (c["keep_spaces"].ValueKind == JsonValueKind.String) Part(c);
        else if (c["files"].ValueKind == JsonValueKind.Array) Sequence(c);
        else if (c["arguments"].ValueKind == JsonValueKind.Object) Saved(c);
        else if (c["invalid_characters"].ValueKind == JsonValueKind.String) Defaults(c);
        else throw Golden.NotCovered("a case of another kind");
    });

    static void Pattern(GoldenCase c)
    {
        var (pattern, want) = (new FileNamePattern(c["pattern"].GetString()!), c["result"].GetString());
        var facts = Facts(c) with { Seed = c["seed"].GetInt64(), Prompt = c["prompt"].GetString(), IsArchive = c["zip"].GetBoolean(), Job = Job(c["job"]) };
        facts = facts with { ModelHash = c["job"].GetProperty("sd_model_hash").GetString()! };
        // The model that was loaded when the name was asked for is not told: it is one of the bases.
        var got = Models(c).Select(model => pattern.Apply(facts with { ModelName = model })).ToList();
        Assert.Contains(want, got);
        if (!pattern.Text.Contains("model_name", StringComparison.OrdinalIgnoreCase)) Assert.Single(got.Distinct());
    }

    static IEnumerable<string> Models(GoldenCase c)
    {
        var among = GoldenGroup.Open("diffusion/a1111/names").Cases.Select(one => one["among"]).First(list => list.ValueKind == JsonValueKind.Array);
        return among.EnumerateArray().Select(file => Path.GetFileNameWithoutExtension(file.GetString()!)).Prepend(c.Group.Json.GetProperty("model").GetProperty("name").GetString()!);
    }

    static void Part(GoldenCase c)
    {
        string text = c["text"].GetString()!;
        Assert.Equal((c["result"].GetString(), c["keep_spaces"].GetString()), (FileNamePart.Of(text), FileNamePart.Of(text, keepsBlanks: true)));
    }

    static void Sequence(GoldenCase c)
    {
        var files = c["files"].EnumerateArray().Select(file => file.GetString()!).ToList();
        foreach (var one in c["result"].EnumerateObject()) Assert.Equal(one.Value.GetInt32(), FileNaming.Next(files, one.Name));
    }

    static readonly string[] saves = ["seed", "prompt", "extension", "basename", "grid", "suffix", "forced_filename"];

    static void Saved(GoldenCase c)
    {
        var (arguments, options) = (c["arguments"], c["options"]);
        var facts = Facts(c) with { Seed = arguments.GetProperty("seed").GetInt64(), Prompt = Text(arguments, "prompt"), BaseName = Text(arguments, "basename") ?? "" };
        foreach (var argument in arguments.EnumerateObject())
            if (!saves.Contains(argument.Name)) throw Golden.NotCovered($"the argument {argument.Name}");
        var naming = new FileNaming();
        foreach (var option in options.EnumerateObject())
            naming = option.Name switch
            {
                "samples_filename_pattern" => naming with { Pattern = option.Value.GetString()! },
                "directories_filename_pattern" => naming with { FolderPattern = option.Value.GetString()! },
                "directories_max_prompt_words" => naming with { MostWords = option.Value.GetInt32() },
                "save_to_dirs" => naming with { IntoFolders = option.Value.GetBoolean() },
                "grid_save_to_dirs" => naming with { GridsIntoFolders = option.Value.GetBoolean() },
                "save_images_add_number" => naming with { AddsNumber = option.Value.GetBoolean() },
                _ => throw Golden.NotCovered($"the option {option.Name}"),
            };
        bool isGrid = arguments.TryGetProperty("grid", out var grid) && grid.GetBoolean();
        string path = naming.PathOf(facts, Text(arguments, "extension")!, _ => [], Text(arguments, "suffix") ?? "", isGrid, Text(arguments, "forced_filename"));
        Assert.Equal(c["result"].GetString(), path);
    }

    static void Defaults(GoldenCase c)
    {
        Assert.Equal(FileNamePart.Refused, c["invalid_characters"].GetString());
        Assert.Equal(FileNamePart.Longest, c["part_length"].GetInt32());
        var saving = new WebUiSaving();
        foreach (var setting in c["result"].EnumerateObject())
            A1111Files.AssertSame(setting.Value, setting.Name switch
            {
                "samples_filename_pattern" => saving.Naming.Pattern,
                "directories_filename_pattern" => saving.Naming.FolderPattern,
                "directories_max_prompt_words" => (long)saving.Naming.MostWords,
                "save_to_dirs" => saving.Naming.IntoFolders,
                "grid_save_to_dirs" => saving.Naming.GridsIntoFolders,
                "save_images_add_number" => saving.Naming.AddsNumber,
                "samples_format" => saving.Pictures.Format.Name,
                "grid_format" => saving.Grids.Format.Name,
                "jpeg_quality" => (long)saving.Pictures.Quality,
                "webp_lossless" => saving.Pictures.Lossless,
                "grid_extended_filename" => saving.TellsInGridNames,
                "n_rows" => (long)saving.GridRows,
                "grid_prevent_empty_spots" => saving.LeavesNoGaps,
                _ => throw Golden.NotCovered($"the setting {setting.Name}"),
            });
    }

    // "8x6 RGB, bytes 0..143 in rows".
    static FileNameFacts Facts(GoldenCase c)
    {
        var size = System.Text.RegularExpressions.Regex.Match(c.Group.Json.GetProperty("image").GetString()!, @"^(\d+)x(\d+) RGB, bytes 0\.\.(\d+) in rows$");
        Assert.True(size.Success);
        int[] numbers = [.. size.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, System.Globalization.CultureInfo.InvariantCulture))];
        return new FileNameFacts(numbers[0], numbers[1], Enumerable.Range(0, numbers[2] + 1).Select(i => (byte)i).ToArray())
        {
            Styles = StyleSheet.ReadFile(A1111Files.Of(c, "files/styles.csv")),
        };
    }

    static FileNameJob Job(JsonElement job) => new(
        Text(job, "prompt")!, Text(job, "negative_prompt")!, job.GetProperty("steps").GetInt32(), job.GetProperty("cfg_scale").GetDouble(),
        Text(job, "sampler_name")!, Text(job, "scheduler")!, [.. job.GetProperty("all_seeds").EnumerateArray().Select(seed => seed.GetInt64())])
    {
        BatchSize = job.GetProperty("batch_size").GetInt32(),
        BatchCount = job.GetProperty("n_iter").GetInt32(),
        Iteration = job.GetProperty("iteration").GetInt32(),
        IndexInBatch = job.GetProperty("batch_index").GetInt32(),
        Styles = [.. job.GetProperty("styles").EnumerateArray().Select(style => style.GetString()!)],
        Strength = job.GetProperty("denoising_strength") is { ValueKind: JsonValueKind.Number } strength ? strength.GetDouble() : null,
        User = Text(job, "user"),
    };

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
