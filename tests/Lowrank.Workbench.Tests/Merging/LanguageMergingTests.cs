using System.Text.Json.Nodes;

namespace Lowrank.Workbench.Tests;

/// <summary>Adapters merged into language models, as people met it; numbers are of PEFT, gguf-py and bitsandbytes.</summary>
public sealed class LanguageMergingTests : IDisposable
{
    const string Lyon = "adapters/lyon", Faint = "merge-into-4bit/faint", Q4 = "merge-into-4bit/base-q4_0.gguf", Nf4 = "merge-into-4bit/base-nf4";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    MergingReport Merge(string model, string adapter, string output, ScalarType? dtype = null) => RunJobs.Merge(new(folder[output])
    {
        Base = new(WritingCases.Of(model)), Adapters = [new(WritingCases.Of(adapter))], Dtype = dtype, Device = "cpu",
    });

    string Refused(string model, string adapter, string output)
    {
        string fault = Assert.ThrowsAny<LowrankException>(() => Merge(model, adapter, output)).Message;
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        return fault;
    }

    static WrittenText Write(string model, string prompt, params string[] adapters)
    {
        var choice = new WritingModelChoice(model) { Adapters = [.. adapters.Select(path => new AdapterChoice(WritingCases.Of(path)))], Device = "cpu" };
        return Assert.Single(new WritingJob().Run(new(choice, [prompt]), null, TestContext.Current.CancellationToken).Texts);
    }

    // A folder with the files of another, some of them changed.
    string Copy(string from, string name, params (string File, string Text)[] changed)
    {
        Directory.CreateDirectory(folder[name]);
        foreach (string file in Directory.EnumerateFiles(WritingCases.Of(from))) File.Copy(file, Path.Combine(folder[name], Path.GetFileName(file)));
        foreach (var (file, text) in changed) File.WriteAllText(Path.Combine(folder[name], file), text);
        return folder[name];
    }

    [Fact]
    public void AModelThatIsMixedInLeavesTheBaseItsTemplate()
    {
        string other = Copy("bases/chat", "other", ("chat_template.jinja", "{{ messages[0].content }}"));
        RunJobs.Merge(new(folder["mixed"]) { Base = new(WritingCases.Of("bases/chat")), Others = [new(other, 0.4)], Device = "cpu" });
        Assert.Equal(File.ReadAllText(WritingCases.Of("bases/chat/chat_template.jinja")), File.ReadAllText(Path.Combine(folder["mixed"], "chat_template.jinja")));
    }

    [Fact]
    public void AnAdaptersTemplateGoesAlong()
    {
        string told = Copy(Lyon, "told", ("chat_template.jinja", "{{ messages[0].content }}"));
        RunJobs.Merge(new(folder["merged"]) { Base = new(WritingCases.Of("bases/chat")), Adapters = [new(told)], Device = "cpu" });
        Assert.Equal("{{ messages[0].content }}", File.ReadAllText(Path.Combine(folder["merged"], "chat_template.jinja")));
    }

    [Fact]
    public void AMergedFolderWritesAsTheAdapterDoesAndTheNormOfWhatWasAddedIsTold() => LeakGuard.NoTensorLeaks(() =>
    {
        var report = Merge("bases/chat", Lyon, "merged");
        Assert.Equal(WritingCases.Numbers("adds-nothing").GetProperty("norm_of_change_of_adapters_lyon").GetDouble(), report.Norm!.Value, 1e-4);
        Assert.Equal(14, report.Changed);
        var want = WritingCases.Numbers("checkpoint-folder").GetProperty("write");
        Assert.Equal(want.Text(), Write(folder["merged"], want.Text("prompt")).Text);
        foreach (string file in Directory.EnumerateFiles(WritingCases.Base).Select(file => Path.GetFileName(file)!))
            Assert.True(File.Exists(Path.Combine(folder["merged"], file)), file);
    });

    [Fact]
    public void WhatAddsNothingIsRefusedInMergingAndToldInWriting()
    {
        Assert.Contains("adds nothing", Refused("bases/chat", "adds-nothing/zero", "zero"));
        Assert.Contains("belong to no layer", Refused("bases/chat", "adds-nothing/names-of-another-model", "names"));
        var (report, told) = WritingCases.Write(["The capital of France is"], adapters: ["adds-nothing/zero"]);
        Assert.Equal(" Paris.", report.Texts[0].Text);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.Contains("adds nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void TheBaseGrowsByTheTokensThatAnAdapterBrings() => LeakGuard.NoTensorLeaks(() =>
    {
        var numbers = WritingCases.Numbers("added-tokens");
        var want = numbers.GetProperty("write");
        Assert.Equal(want.Ids(), Write(WritingCases.Base, want.Text("prompt"), "added-tokens/whole").Ids);
        Merge("bases/chat", "added-tokens/whole", "merged");
        var written = Write(folder["merged"], want.Text("prompt"));
        Assert.Equal(want.Ids(), written.Ids);
        Assert.Equal(want.Ids("prompt_ids").Length, written.PromptTokens);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["merged"], "config.json")))!;
        Assert.Equal(numbers.GetProperty("rows_of_adapter").GetInt32(), config["vocab_size"]!.GetValue<int>());
    });

    [Fact]
    public void FactorsOfALargerTableAreRefusedWithBothSizes()
    {
        string inMerging = Refused("bases/chat", "added-tokens/part", "part");
        string inWriting = Assert.Throws<LowrankException>(() => Write(WritingCases.Base, "x", "added-tokens/part")).Message;
        foreach (string told in new[] { "469", "465", "4 tokens were added" })
        {
            Assert.Contains(told, inMerging);
            Assert.Contains(told, inWriting);
        }
    }

    [Fact]
    public void ATokenizerThatGrewAsksAGgufFileForItsFolder() =>
        Assert.Contains("a GGUF file does not grow", Refused(Q4, "added-tokens/whole", "merged.gguf"));

    [Fact]
    public void AWholeHeadIsMergedAndIsNoPartOfAGgufAdapter()
    {
        var numbers = WritingCases.Numbers("saved-head-to-gguf");
        string adapter = WritingCases.Of("saved-head-to-gguf/adapter"), output = folder["adapter.gguf"];
        var request = new ConvertingRequest(adapter, output) { Dialect = "gguf", Base = new(WritingCases.Base) };
        string fault = Assert.Throws<LowrankException>(() => RunJobs.Convert(request)).Message;
        Assert.Contains($"{numbers.GetProperty("pairs")} of 5 layers can go", fault);
        Assert.Contains("lm_head", fault);
        Assert.Contains("merge", fault);
        Assert.False(File.Exists(output));
        Merge("bases/chat", "saved-head-to-gguf/adapter", "merged");
        Assert.Equal(numbers.GetProperty("head_norm").GetDouble(), NormOf(folder["merged"], "model.lm_head.weight"), 1e-4);
    }

    static double NormOf(string model, string name)
    {
        using var scope = NewDisposeScope();
        using var outline = ModelKinds.Outline(model);
        return outline.Read(name)!.to(ScalarType.Float64).norm().ToDouble();
    }

    [Theory]
    [InlineData(Lyon, "adapters/lyon", false)]
    [InlineData(Faint, "faint", true)]
    public void AMergeIntoBlocksTellsTheErrorThatTheyMake(string adapter, string name, bool isLost)
    {
        var want = WritingCases.Numbers("merge-into-4bit").GetProperty("q4_0").GetProperty(name);
        var report = Merge(Q4, adapter, "merged.gguf");
        double error = want.GetProperty("error_of_the_change").GetDouble();
        Assert.InRange(report.Error!.Value, 0.9 * error, 1.1 * error);
        string note = Assert.Single(report.Notes, note => note.Contains("attach the adapter", StringComparison.Ordinal));
        Assert.Contains(want.GetProperty("worst_layer").GetString()!, note);
        Assert.Contains("f16", note);
        Assert.Equal(isLost, note.Contains("all but lost", StringComparison.Ordinal));
        using GgufFile before = Gguf.Open(WritingCases.Of(Q4)), after = Gguf.Open(folder["merged.gguf"]);
        Assert.Equal(before.Tensors.Select(info => (info.Name, info.Dtype, info.Bytes)), after.Tensors.Select(info => (info.Name, info.Dtype, info.Bytes)));
    }

    [Fact]
    public void AMergedGgufFileWritesAsTheAdapterDoes()
    {
        Merge(Q4, Lyon, "merged.gguf");
        var want = WritingCases.Numbers("merge-into-4bit").GetProperty("write").GetProperty("base-q4_0.gguf with adapters/lyon merged, in q4_0 again");
        Assert.Equal(want.Ids(), Write(folder["merged.gguf"], want.Text("prompt")).Ids);
    }

    [Theory]
    [InlineData(Q4, "merged.gguf")]
    [InlineData(Nf4, "merged")]
    public void InHalvesTheWeightsAreThoseOfTheBaseAndTheChange(string model, string output)
    {
        var report = Merge(model, Lyon, output, ScalarType.Float16);
        Assert.InRange(report.Error!.Value, 0, 1e-3);
        var layers = WritingCases.Shared(Lyon).GetProperty("norm_by_layer").EnumerateObject();
        using var scope = NewDisposeScope();
        using ModelOutline before = ModelKinds.Outline(WritingCases.Of(model)), after = ModelKinds.Outline(folder[output]);
        foreach (var layer in layers)
        {
            string name = $"model.{layer.Name}.weight";
            double norm = (after.Read(name)!.to(ScalarType.Float64) - before.Read(name)!.to(ScalarType.Float64)).norm().ToDouble();
            Assert.Equal(layer.Value.GetDouble(), norm, 1e-3 * layer.Value.GetDouble());
        }
    }

    [Theory]
    [InlineData("checkpoint-folder/run", "checkpoint-4", "checkpoint-8")]
    [InlineData("several-adapters/set", "lyon", "nice")]
    public void AFolderOfSeveralAdaptersNamesThemAndTheFileThatItLacks(string place, string one, string other)
    {
        string inMerging = Refused("bases/chat", place, "merged");
        string inWriting = Assert.Throws<LowrankException>(() => Write(WritingCases.Base, "x", place)).Message;
        foreach (string told in new[] { "adapter_model.safetensors", $"{one}, {other}" })
        {
            Assert.Contains(told, inMerging);
            Assert.Contains(told, inWriting);
        }
        var want = WritingCases.Numbers("several-adapters").GetProperty("write").GetProperty(other == "nice" ? other : "lyon");
        Assert.Equal(want.Text(), Write(WritingCases.Base, want.Text("prompt"), Path.Combine(place, other)).Text);
    }

    // Numbers of bitsandbytes: the matrices rounded again as they were, all else as it was.
    [Theory]
    [InlineData(Lyon, "adapters/lyon", false)]
    [InlineData(Faint, "faint", true)]
    public void AMergeIntoMatricesOfBitsAndBytesTellsTheErrorThatTheyMake(string adapter, string name, bool isLost)
    {
        var want = WritingCases.Numbers("merge-into-4bit").GetProperty("nf4").GetProperty(name);
        var report = Merge(Nf4, adapter, "merged");
        double error = want.GetProperty("error_of_the_change").GetDouble();
        Assert.InRange(report.Error!.Value, 0.99 * error, 1.01 * error);
        string note = Assert.Single(report.Notes, note => note.Contains("attach the adapter", StringComparison.Ordinal));
        Assert.Contains(want.GetProperty("worst_layer").GetString()!, note);
        Assert.Contains("f16", note);
        Assert.Equal(isLost, note.Contains("all but lost", StringComparison.Ordinal));
        const string Weights = "model.safetensors", Config = "config.json";
        using ITensorFile before = Safetensors.Open(Path.Combine(WritingCases.Of(Nf4), Weights)), after = Safetensors.Open(Path.Combine(folder["merged"], Weights));
        Assert.Equal(Told(before), Told(after));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(WritingCases.Of(Nf4), Config))), JsonNode.Parse(File.ReadAllText(Path.Combine(folder["merged"], Config)))));

        // Means of rounded magnitudes are told in words, which may be a digit longer or shorter.
        static IEnumerable<(string, string, string)> Told(ITensorFile file) => file.Tensors.OrderBy(info => info.Name, StringComparer.Ordinal)
            .Select(info => (info.Name, info.Dtype.Name, info.Name.Contains("quant_state", StringComparison.Ordinal) ? "" : info.Shape.Text()));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("stale")]
    [InlineData("cut")]
    [InlineData("elsewhere")]
    public void ShardsThatAreNotWholeAreNamedBeforeAnythingIsMade(string name)
    {
        string told = WritingCases.Numbers("shards").Text(name), model = $"shards/{name}";
        Assert.Contains(told, Refused(model, Lyon, "merged"));
        Assert.Contains(told, Assert.ThrowsAny<LowrankException>(() => Write(WritingCases.Of(model), "The capital of France is")).Message);
    }
}
