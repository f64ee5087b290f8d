using System.Text.Json.Nodes;
using Layers = Lowrank.Torch.Layers;

namespace Lowrank.Workbench.Tests;

/// <summary>Bodies of AUTOMATIC1111's interface that name a script.</summary>
public sealed class WebUiBodyJobTests : IDisposable
{
    readonly StableDiffusion model = StableDiffusion.Load(EmojiModel.Folder, Layers.Storage.Default);

    public void Dispose() => model.Dispose();

    WebUiAnswer Run(string script, string args, string more = "") => new WebUiBodyJob(new Files(model), new([], []), Precision.Float32, CPU).Run(
        JsonNode.Parse($$"""
            {"prompt": "cat face|ink", "sampler_name": "Euler a", "steps": 2, "seed": 3, "subseed": 1, "width": 64, "height": 64, {{more}}
             "script_name": "{{script}}", "script_args": {{args}} }
            """)!.AsObject(), false, _ => throw new LowrankException("no picture"), TestContext.Current.CancellationToken);

    [Fact]
    public void AnXyzPlotIsAGridWithItsAxesInItsTextAndThePicturesBehindIt()
    {
        var answer = Run("x/y/z plot", """[4, "1-2", [], 1, "5,6", [], 0, "", [], true, true, false, false, false, false, false, 2, false]""");
        Assert.Equal(5, answer.Pictures.Count);
        Assert.True(answer.Pictures[0].Width > 2 * 64 && answer.Pictures[0].Height > 2 * 64);
        Assert.Contains("Size: 64x64, Model: emoji, Script: X/Y/Z plot, X Type: Steps, X Values: 1-2, Y Type: Seed, Y Values: \"5,6\"", answer.InfoTexts[0], StringComparison.Ordinal);
        Assert.Equal([5L, 5, 5, 6, 6], answer.Seeds);
        var alone = Run("", "[]", "\"override_settings\": {},");
        Assert.Equal(alone.Pictures[0].Pixels, Run("X/Y/Z plot", """["Steps", "2", [], 0, "", [], 0, "", [], false, true]""").Pictures[1].Pixels);
    }

    [Fact]
    public void AxesOfListsAndUnknownAxesAndArgumentsAreHeededOrRefused()
    {
        var listed = Run("X/Y/Z plot", """["Sampler", "", ["Euler", "DPM++ 2M"]]""");
        Assert.Contains("X Values: \"Euler, DPM++ 2M\"", Assert.Single(listed.InfoTexts), StringComparison.Ordinal);
        string[] faults = ["""[99, "1"]""", """["Stepz", "1"]""", """[4, 1]""", """[4, "1", [], 0, "", [], 0, "", [], true, true, false, false, false, false, false, 2, false, 1]"""];
        string[] told = ["no axis 99", "Steps", "Argument 2", "19 arguments"];
        foreach (var (fault, part) in faults.Zip(told))
            Assert.Contains(part, Assert.Throws<LowrankException>(() => Run("X/Y/Z plot", fault)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APromptMatrixIsEveryChoiceOfItsParts()
    {
        var answer = Run("Prompt matrix", """[false, true, "positive", "comma", 0]""");
        Assert.Equal(["cat face", "cat face", "cat face, ink"], answer.Prompts);
        Assert.Equal([3L, 3, 4], answer.Seeds);
        Assert.Contains("sideways", Assert.Throws<LowrankException>(() => Run("Prompt matrix", """[false, false, "sideways"]""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesOfPromptsAreJobsOfTheirOwn()
    {
        var answer = Run("Prompts from file or textbox", """[true, false, "end", "a pen\n--prompt a dog --steps 1 --seed 9\n--steps many"]""");
        Assert.Equal(["cat face|ink a pen", "cat face|ink a dog", "cat face|ink --steps many"], answer.Prompts);
        Assert.Equal([3L, 9, 5], answer.Seeds);
        Assert.Contains(answer.Comments, comment => comment.Contains("--steps many", StringComparison.Ordinal));
    }

    [Fact]
    public void AScriptThatIsNotRunHereIsRefusedByName() =>
        Assert.Contains("SD upscale", Assert.Throws<LowrankException>(() => Run("SD upscale", "[]")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"script_name\": 3", "script_name is \"3\", which is no text"), InlineData("\"script_args\": 3", "script_args is \"3\", which is no list of a script's arguments")]
    [InlineData("\"script_name\": \"X/Y/Z plot\", \"seed\": \"x\"", "seed is \"x\", which is no whole number")]
    public void AScriptOfAnotherKindIsRefusedByTheFieldsName(string fields, string told) =>
        Assert.Equal(told, Assert.Throws<LowrankException>(() => Drawn($$"""{ {{fields}} }""")).Message);

    [Fact]
    public void NamesThatTheWebUiPassesOverAreNamed()
    {
        var answer = Drawn("""
            {"prompt": "cat face", "sampler_name": "Eulr", "scheduler": "Karas", "styles": ["nope"], "steps": 1, "seed": 3, "width": 64, "height": 64}
            """);
        string[] told = ["no sampler \"Eulr\" (nearest: Euler", "no schedule \"Karas\"", "no style \"nope\""];
        Assert.All(told.Zip(answer.Comments), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal(told.Length, answer.Comments.Count);
        Assert.Contains("Sampler: DPM++ 2M,", answer.InfoTexts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ARequestOfNoPicturesIsRefusedWhoeverMadeIt() => Assert.Equal("n_iter is -1 (1 to 10000).", Assert.Throws<LowrankException>(
        () => new WebUiJob(new Files(model), Precision.Float32, CPU).Run(new() { BatchCount = -1 }, cancel: TestContext.Current.CancellationToken)).Message);

    WebUiAnswer Drawn(string body) => new WebUiBodyJob(new Files(model), new([], []), Precision.Float32, CPU).Run(
        JsonNode.Parse(body)!.AsObject(), false, _ => throw new LowrankException("no picture"), TestContext.Current.CancellationToken);

    sealed class Files(StableDiffusion model) : IWebUiFiles
    {
        public IReadOnlyList<WebUiWord> Words => [];

        public StyleSheet Styles => StyleSheet.Empty;

        public string? Adapter(string name) => null;

        public WebUiModel? Model(string? name) => new(model, new CheckpointTitle("emoji.safetensors", null, ""));

        public WebUiVae Vae(string name, double scale) => throw new LowrankException(name);
    }
}
