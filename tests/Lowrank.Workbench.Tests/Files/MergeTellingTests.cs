namespace Lowrank.Workbench.Tests;

/// <summary>What a merge is told and cannot use, and what it makes that is no plain sum.</summary>
public sealed class MergeTellingTests : IDisposable
{
    const string Block = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_";

    static readonly BaseModelChoice emoji = new(EmojiModel.Folder);

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Lora(string file, string layer, ulong seed = 1, long outputs = 64, string down = ".lora_down.weight", string up = ".lora_up.weight")
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        string path = folder[file];
        Safetensors.Save(path,
        [
            KeyValuePair.Create(layer + down, randn(2, 64, generator: generator) * 0.3), KeyValuePair.Create(layer + up, randn(outputs, 2, generator: generator) * 0.3),
        ], null);
        return path;
    }

    MergingReport IntoModel(string path, params (string Component, double Strength)[] strengths) => RunJobs.Merge(new(folder["merged"])
    {
        Base = emoji, Device = "cpu",
        Adapters = [new(path) { Components = strengths.ToDictionary(one => one.Component, one => one.Strength) }],
    });

    [Fact]
    public void AStrengthOfAPartThatIsNotThereIsAnErrorAndOneThatIsNotAdaptedIsTold()
    {
        string unet = Lora("a.safetensors", Block + "attn1_to_q");
        string fault = Assert.Throws<LowrankException>(() => IntoModel(unet, ("text_encoder_2", 0))).Message;
        Assert.Contains("text_encoder_2, and the model has no such part; it has", fault);
        Assert.False(Directory.Exists(folder["merged"]));
        var both = IntoModel(unet, ("text_encoder", 3), ("text_encoder_2", 3));
        Assert.Contains(both.Notes, note => note.Contains("adapts nothing of text_encoder, text_encoder_2", StringComparison.Ordinal));
    }

    [Fact]
    public void AnAdapterOfStrengthZeroAndOneThatIsGivenTwiceAreTold()
    {
        string one = Lora("a.safetensors", Block + "attn1_to_q"), two = Lora("b.safetensors", Block + "attn1_to_q", 2);
        foreach (var (output, method) in new[] { ("sum.safetensors", "cat"), ("model", null) })
        {
            var report = RunJobs.Merge(new(folder[output]) { Base = emoji, Adapters = [new(one), new(two, 0), new(one, 0.5)], Method = method, Device = "cpu" });
            Assert.Contains($"{two} has strength 0 and changes nothing.", report.Notes);
            Assert.Contains($"{one} is given 2 times, and each of them counts.", report.Notes);
        }
    }

    [Fact]
    public void OneFileUnderTwoNamesIsTold()
    {
        string one = Lora("a.safetensors", Block + "attn1_to_q"), link = folder["link.safetensors"], other = Lora("b.safetensors", Block + "attn1_to_q", 2);
        File.CreateSymbolicLink(link, one);
        var report = RunJobs.Merge(new(folder["sum.safetensors"]) { Base = emoji, Adapters = [new(one), new(link), new(other)], Device = "cpu", Method = "cat" });
        Assert.Contains($"{one} is given 2 times, and each of them counts.", report.Notes);
        Assert.Equal(FileKind.IdentityOf(one), FileKind.IdentityOf(link));
        Assert.NotEqual(FileKind.IdentityOf(one), FileKind.IdentityOf(other));
    }

    [Fact]
    public void AMergeThatChangesNothingSaysSo()
    {
        string path = Lora("a.safetensors", Block + "attn1_to_q");
        var report = IntoModel(path, ("unet", 0));
        Assert.Equal(0, report.Changed);
        Assert.Contains(report.Notes, note => note.StartsWith("No weight of ", StringComparison.Ordinal));
        var idle = new MergingRequest(folder["idle"]) { Base = emoji, Device = "cpu", Adapters = [new(path, 0) { Components = new Dictionary<string, double> { ["unet"] = 0 } }] };
        Assert.Contains($"{path} adds nothing at strength 0.", Assert.Throws<LowrankException>(() => RunJobs.Merge(idle)).Message);
        Assert.False(Directory.Exists(folder["idle"]));
        Assert.DoesNotContain(RunJobs.Merge(new(folder["all"]) { Base = emoji, Device = "cpu", Adapters = [new(path)] }).Notes, note => note.StartsWith("No weight", StringComparison.Ordinal));
    }

    [Fact]
    public void AMixOfFactorsTellsHowFarItIsFromTheSum()
    {
        string[] paths = [Lora("a.safetensors", Block + "attn1_to_q", 1), Lora("b.safetensors", Block + "attn1_to_q", 2)];
        string linear = folder["linear.safetensors"], exact = folder["cat.safetensors"];
        var report = RunJobs.Merge(new(linear) { Base = emoji, Adapters = [.. paths.Select(path => new MergeChoice(path))], Method = "linear", Device = "cpu" });
        RunJobs.Merge(new(exact) { Base = emoji, Adapters = [.. paths.Select(path => new MergeChoice(path))], Method = "cat", Device = "cpu" });
        var off = RunJobs.Verify(new(exact, linear) { Base = emoji });
        string told = (off.Targets[0].Difference / Norm(exact)).ToString("0.0 %", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(report.Notes, note => note.Contains($"off it by {told} of its norm", StringComparison.Ordinal));
        Assert.Null(report.Error);
    }

    static double Norm(string path)
    {
        using var file = AdapterFile.Open(path);
        return AdapterInspection.Measure(file).Modules.Single().Norm!.Value;
    }

    [Fact]
    public void AdaptersOfModelsThatCannotBeOneAreNotMerged()
    {
        string unet = Lora("unet.safetensors", Block + "attn1_to_q"), flux = Lora("flux.safetensors", "lora_unet_double_blocks_0_img_attn_qkv", outputs: 192);
        string fault = Assert.Throws<LowrankException>(() => RunJobs.Merge(new(folder["x.safetensors"]) { Adapters = [new(unet), new(flux)], Device = "cpu" })).Message;
        Assert.Contains("unet.safetensors for a UNet", fault);
        Assert.Contains("flux.safetensors for a transformer", fault);
    }

    [Fact]
    public void AChangeOfANormKeepsItsKey()
    {
        const string Layer = "diffusion_model.blocks.0.";
        string path = folder["wan.safetensors"], output = folder["out.safetensors"];
        using (var scope = NewDisposeScope())
            Safetensors.Save(path,
            [
                KeyValuePair.Create(Layer + "self_attn.q.lora_A.weight", ones(2, 64)), KeyValuePair.Create(Layer + "self_attn.q.lora_B.weight", ones(48, 2)),
                KeyValuePair.Create(Layer + "norm3.diff", ones(48)), KeyValuePair.Create(Layer + "norm3.diff_b", ones(48)),
            ], null);
        RunJobs.Merge(new(output) { Adapters = [new(path), new(path)], Device = "cpu" });
        using var before = AdapterFile.Open(path);
        using var after = AdapterFile.Open(output);
        Assert.Equal(before.Tensors.Select(t => t.Name).Order(), after.Tensors.Select(t => t.Name).Order());
    }

    [Fact]
    public void AHeaderTellsWhatKeepsAFileFromBeingRead()
    {
        const string Layer = Block + "attn1_to_q";
        using var scope = NewDisposeScope();
        Assert.Contains("at odds about the rank", Health((Layer + ".lora_down.weight", ones(4, 64)), (Layer + ".lora_up.weight", ones(64, 8))));
        Assert.Contains("down holds I8", Health((Layer + ".lora_down.weight", ones(4, 64).to(ScalarType.Int8)), (Layer + ".lora_up.weight", ones(64, 4))));
        Assert.Contains("wibble", Health((Layer + ".lora_down.weight", ones(4, 64)), (Layer + ".lora_up.weight", ones(64, 4)), (Layer + ".wibble", ones(4))));
        Assert.Contains("several dialects", Health(("a.b.lora_A.weight", ones(4, 64)), ("a.b.lora_B.weight", ones(64, 4)), ("a.b.lora_down.weight", ones(4, 64)), ("a.b.lora_up.weight", ones(64, 4))));
        Assert.Equal("", Health((Layer + ".lora_down.weight", ones(4, 64)), (Layer + ".lora_up.weight", ones(64, 4))));
    }

    // As of several files, of which headers alone are read; and of one, with its values, that it is the same.
    string Health(params (string Key, Tensor Value)[] tensors)
    {
        string path = folder["health.safetensors"];
        Safetensors.Save(path, [.. tensors.Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value))], null);
        string header = Of(norms: false);
        Assert.Equal(header.Length == 0, Of(norms: true).Length == 0);
        return header;

        string Of(bool norms) => string.Join(" ", new InspectingJob().Run(new(path) { Norms = norms }, null, TestContext.Current.CancellationToken)[0].Adapter!.Health);
    }

    [Fact]
    public void FaultsOfAFileAreNotSaidToBeTheModels()
    {
        const string Layer = Block + "attn1_to_q";
        using var scope = NewDisposeScope();
        string path = folder["nan.safetensors"];
        Safetensors.Save(path, [KeyValuePair.Create(Layer + ".lora_down.weight", full([4, 64], float.NaN)), KeyValuePair.Create(Layer + ".lora_up.weight", ones(64, 4))], null);
        string fault = Assert.Throws<LowrankException>(() => RunJobs.Convert(new(path, folder["x.safetensors"]) { Base = emoji })).Message;
        Assert.StartsWith($"{path} cannot be read: {Layer}.lora_down.weight holds values that are not finite", fault);
        Assert.DoesNotContain("does not fit the model", fault);
        string other = Lora("other.safetensors", "lora_unet_nowhere");
        string misfit = Assert.Throws<LowrankException>(() => RunJobs.Convert(new(other, folder["x.safetensors"]) { Base = emoji })).Message;
        Assert.Contains("does not fit the model", misfit);
        Assert.Contains("is it for another base model?", misfit);
        Assert.DoesNotContain("allowUnmatched", misfit);
    }

    [Fact]
    public void AFolderThatIsNotReplacedTellsWhy()
    {
        string path = Lora("a.safetensors", Block + "attn1_to_q");
        IntoModel(path);
        var again = new MergingRequest(folder["merged"]) { Base = emoji, Device = "cpu", Adapters = [new(path)], Overwrite = true };
        Assert.Contains("a folder may hold more than the model", Assert.Throws<LowrankException>(() => RunJobs.Merge(again)).Message);
    }

    [Fact]
    public void PatternsThatChooseNothingTellWhatLayersAreCalled()
    {
        string path = Lora("a.safetensors", Block + "attn1_to_q");
        string fault = Assert.Throws<LowrankException>(() => RunJobs.Convert(new(path, folder["x.safetensors"]) { LeaveOut = ["nowhere"] })).Message;
        Assert.Contains("attn1_to_q", fault);
        Assert.Contains("Give the base model to choose by its paths", fault);
    }

    [Fact]
    public void WhatAFlagCannotMeanIsAFaultOfTheRequest() => Assert.Throws<RequestException>(() => RunJobs.Convert(
        new(Lora("a.safetensors", Block + "attn1_to_q"), folder["x.safetensors"]) { Base = emoji, Dialect = "kohya", OptionalLevels = true }));
}
