using System.Text.Json;

namespace Lowrank.Cli.Tests;

public class WorkflowTests
{
    const string Inverted =
        """
        {"1": {"class_type": "EmptyImage", "inputs": {"width": 4, "height": 2, "batch_size": 1, "color": 255}},
         "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
         "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "p"}}}
        """;

    static TemporaryFolder With(string graph)
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder["graph.json"], graph);
        return folder;
    }

    [Fact]
    public void AGraphIsRunAndItsPictureTellsItAgain()
    {
        using var folder = With(Inverted);
        var result = Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out").Ended(0);
        Assert.Equal("out/p_00001_.png", result.Out.Trim().Replace('\\', '/'));
        var described = Cli.RunIn(folder.Path, "workflow", "out/p_00001_.png", "--describe").Ended(0);
        Assert.Matches(@"2 +ImageInvert +image: IMAGE of 1 +IMAGE", described.Out);
        var again = Cli.RunIn(folder.Path, "workflow", "out/p_00001_.png", "-o", "again").Ended(0);
        Assert.Contains("again", again.Out);
        Assert.Equal(File.ReadAllBytes(folder["out/p_00001_.png"]), File.ReadAllBytes(folder["again/p_00001_.png"]));
    }

    [Fact]
    public void FoldersThatAreNotThereAndOptionsThatADescriptionDoesNotHeedAreTold()
    {
        using var folder = With(Inverted);
        Assert.Contains("It was given by --models-dir.", Cli.RunIn(folder.Path, "workflow", "graph.json", "--models-dir", "none").Ended(1).Error);
        Assert.Contains("--input-dir wants a folder", Cli.RunIn(folder.Path, "workflow", "graph.json", "--input-dir", "graph.json").Ended(1).Error);
        string described = Cli.RunIn(folder.Path, "workflow", "graph.json", "--describe", "-o", "x").Ended(0).Out;
        Assert.Contains("--output is not used: --describe runs nothing", described);
        Assert.DoesNotContain("--device", described);
    }

    [Fact]
    public void JsonTellsTheNodesInTheirOrder()
    {
        using var folder = With(Inverted);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "workflow", "graph.json", "--describe", "--json").Ended(0).Out).RootElement;
        Assert.Equal(["1", "2", "3"], json.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()));
        Assert.Empty(json.GetProperty("faults").EnumerateArray());
    }

    [Theory]
    [InlineData("ImageInvert", "ImageInverter", "Nearest: ImageInvert")]
    [InlineData("[\"1\", 0]", "[\"8\", 0]", "from node 8, which is not in the graph")]
    [InlineData("[\"1\", 0]", "[\"2\", 0]", "circle: 2 (ImageInvert) → 2 (ImageInvert)")]
    public void WhatIsWrongIsToldAndNothingIsWritten(string before, string after, string said)
    {
        using var folder = With(Inverted.Replace(before, after, StringComparison.Ordinal));
        Assert.Contains(said, Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out").Ended(1).Error);
        Assert.Contains(said.Split(' ')[0], Cli.RunIn(folder.Path, "workflow", "graph.json", "--describe").Ended(1).Out);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void WhatIsNotUsedIsToldAndRefusedWhereAsked()
    {
        using var folder = With(Inverted.Replace("\"color\": 255", "\"color\": 255, \"depth\": 1", StringComparison.Ordinal));
        Assert.Contains("has no input depth", Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out").Ended(0).Error);
        Assert.Contains("strict is on", Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out", "--strict").Ended(1).Error);
    }

    [Fact]
    public void AFieldThatStandsTwiceIsTold()
    {
        using var folder = With(Inverted.Replace("\"color\": 255", "\"color\": 1, \"color\": 255", StringComparison.Ordinal));
        Assert.Contains("1.inputs.color stands more than once", Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out").Ended(0).Error);
    }

    [Fact]
    public void WhatWasSavedBeforeANodeFailedIsNamed()
    {
        using var folder = With(Inverted.TrimEnd()[..^1] + """
            , "4": {"class_type": "PrimitiveInt", "inputs": {"value": -5}},
              "5": {"class_type": "EmptyImage", "inputs": {"width": ["4", 0], "height": 2, "batch_size": 1, "color": 0}},
              "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "q"} } }
            """);
        string error = Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out").Ended(1).Error;
        Assert.Contains("Node 5 (EmptyImage) was given -5", error);
        Assert.Matches(@"Saved before: out.p_00001_\.png", error);
    }

    [Fact]
    public void GenerateRunsAGraphAndRefusesWhatTheGraphSays()
    {
        using var folder = With(Inverted);
        var result = Cli.RunIn(folder.Path, "generate", "--workflow", "graph.json", "-o", "out").Ended(0);
        Assert.Contains("p_00001_.png", result.Out);
        string error = Cli.RunIn(folder.Path, "generate", "a fox", "--workflow", "graph.json", "--steps", "7").Ended(2).Error;
        Assert.Contains("leave out --steps, prompts", error);
    }

    [Fact]
    public void AFileWithoutAGraphIsRefused()
    {
        using var folder = With("[1, 2]");
        Assert.Contains("A graph is an object of nodes", Cli.RunIn(folder.Path, "workflow", "graph.json").Ended(1).Error);
        Assert.Contains("does not exist", Cli.RunIn(folder.Path, "workflow", "other.json").Ended(1).Error);
    }

    [Fact]
    public void WordsOfAPromptThatNothingHoldsAreToldOnceAndRefusedWhereAsked()
    {
        using var folder = With(
            """
            {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "m.safetensors"}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": "a cat embedding:nope, <lora:x:1> [a:b:3]"}},
             "3": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
             "4": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "positive": ["2", 0], "negative": ["2", 0], "latent_image": ["3", 0],
                "seed": 1, "steps": 1, "cfg": 1, "sampler_name": "euler", "scheduler": "normal", "denoise": 1}},
             "5": {"class_type": "VAEDecode", "inputs": {"samples": ["4", 0], "vae": ["1", 2]}},
             "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "p"}}}
            """);
        Directory.CreateDirectory(folder["models/checkpoints"]);
        Directory.CreateDirectory(folder["models/embeddings"]);
        File.WriteAllText(folder["models/checkpoints/m.safetensors"], "");
        string[] call = ["workflow", "graph.json", "--models-dir", "models", "-o", "out"];
        string said = Cli.RunIn(folder.Path, [.. call, "--strict"]).Ended(1).Error.ReplaceLineEndings(" ");
        Assert.Equal(2, said.Split("embedding:nope is left out").Length);
        Assert.Equal(2, said.Split("read as plain words: <lora:x:1> (an adapter, which is given beside the prompt), [a:b:3] (words that change on the way)").Length);
        string described = Cli.RunIn(folder.Path, "workflow", "graph.json", "--models-dir", "models", "--describe").Ended(0).Out.ReplaceLineEndings(" ");
        Assert.Contains("embedding:nope is left out", described);
        File.WriteAllText(folder["models/embeddings/nope.pt"], "");
        Assert.DoesNotContain("embedding:nope", Cli.RunIn(folder.Path, [.. call, "--strict"]).Ended(1).Error);
    }
}
