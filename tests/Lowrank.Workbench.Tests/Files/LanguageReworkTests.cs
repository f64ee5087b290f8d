using System.Text.Json;

namespace Lowrank.Workbench.Tests;

/// <summary>Adapters of language models resized, turned into another spelling and compared, as those for pictures are.</summary>
public sealed class LanguageReworkTests : IDisposable
{
    static readonly string lyon = WritingCases.Of("adapters/lyon");

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void RanksOfTheirOwnStandInPeftsConfiguration()
    {
        RunJobs.Resize(new(lyon, new(folder["resized"], null), new() { Rule = "energy", Parameter = 0.6 }));
        var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["resized"], "adapter_config.json"))).RootElement;
        int usual = config.GetProperty("r").GetInt32();
        var own = config.GetProperty("rank_pattern").EnumerateObject().ToDictionary(layer => layer.Name, layer => layer.Value.GetInt32());
        using var file = AdapterFile.Open(folder["resized"]);
        var modules = AdapterInspection.Inspect(file).Modules;
        Assert.Equal(14, modules.Count);
        Assert.True(modules.Select(module => module.Rank).Distinct().Count() > 1, "layers have ranks of their own");
        Assert.All(modules, module => Assert.Equal(module.Rank, own.GetValueOrDefault(module.Name["base_model.model.".Length..], usual)));
    }

    [Fact]
    public void LlamaCppsSpellingIsTheSameAdapterAndIsResizedAlike()
    {
        var model = new BaseModelChoice(WritingCases.Base);
        string gguf = folder["lyon.gguf"], small = folder["small.gguf"], peft = folder["small"];
        RunJobs.Convert(new(lyon, gguf) { Dialect = "gguf", Base = model });
        Assert.True(RunJobs.Verify(new(lyon, gguf) { Base = model, Device = "cpu" }).Equal);
        RunJobs.Resize(new(gguf, new(small, null, ScalarType.Float32), new() { Rank = 3 }) { Base = model });
        RunJobs.Resize(new(lyon, new(peft, null, ScalarType.Float32), new() { Rank = 3 }) { Base = model });
        Assert.False(RunJobs.Verify(new(lyon, small) { Base = model, Device = "cpu" }).Equal);
        Assert.True(RunJobs.Verify(new(peft, small) { Base = model, Device = "cpu", Tolerance = 1e-3 }).Equal);
    }

    [Fact]
    public void AnExtractedAdapterIsPeftsAndOfAllLayersUnlessOthersAreAskedFor()
    {
        var model = new BaseModelChoice(WritingCases.Base);
        RunJobs.Merge(new(folder["merged"]) { Base = model, Adapters = [new(lyon)], Device = "cpu" });
        var request = new ExtractingRequest(model, folder["merged"], new(folder["again"], null, ScalarType.Float32)) { Ranks = new() { Rank = 8 }, Device = "cpu" };
        new ExtractingJob().Run(request, null, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(Path.Combine(folder["again"], "adapter_config.json")));
        Assert.True(RunJobs.Verify(new(lyon, folder["again"]) { Base = model, Device = "cpu", Tolerance = 1e-3 }).Equal);
    }

    string Prompt(string name, bool withHead = false)
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder[name]);
        List<KeyValuePair<string, Tensor>> tensors = [KeyValuePair.Create("prompt_embeddings", ones(3, 64) * 0.01)];
        if (withHead) tensors.Add(KeyValuePair.Create("base_model.lm_head.weight", ones(265, 64) * 0.01));
        Safetensors.Save(Path.Combine(folder[name], "adapter_model.safetensors"), tensors, null);
        File.WriteAllText(Path.Combine(folder[name], "adapter_config.json"),
            """{"peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "token_dim": 64}""");
        return folder[name];
    }

    [Fact]
    public void VirtualTokensAreNeverLostWhereAnAdapterIsMadeOfAnother()
    {
        var model = new BaseModelChoice(WritingCases.Base);
        string prompt = Prompt("prompt");
        string resized = Assert.ThrowsAny<LowrankException>(() => RunJobs.Resize(new(prompt, new(folder["resized"], null), new() { Rank = 2 }) { Base = model, Device = "cpu" })).Message;
        Assert.Contains("adapts no layers and cannot be resized: all it holds is 3 virtual tokens before every row", resized);
        string joined = Assert.ThrowsAny<LowrankException>(() => RunJobs.Merge(new(folder["joined"]) { Base = model, Adapters = [new(lyon), new(prompt)], Method = "cat", Device = "cpu" })).Message;
        Assert.Contains("puts 3 virtual tokens before every row, of which there is no sum", joined);
        Assert.Equal(["prompt"], Directory.EnumerateDirectories(folder.Path).Select(Path.GetFileName));
    }
}
