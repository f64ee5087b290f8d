using Lowrank.Torch;

namespace Lowrank.Packaging.Tests;

/// <summary>Each way of publishing keeps TorchSharp's cure, or is an error of the build that says why.</summary>
public class PublishingTests(PackedRepository packed) : IClassFixture<PackedRepository>
{
    static readonly string[] quiet = ["-c", "Release", "-v", "q", "-nologo", "--no-restore"];

    [Theory]
    [InlineData("LOWRANK003", "PublishAot=false", "PublishAot=true")]
    [InlineData("LOWRANK004", "PublishReadyToRun alone", "PublishReadyToRun=true", "PublishReadyToRunComposite=true", "SelfContained=true")]
    public void WhatOptimizesTorchSharpAgainIsAnErrorThatSaysWhy(string code, string advice, params string[] properties)
    {
        var (ended, said) = Dotnet.Try(packed.Project, ["publish", .. quiet, .. properties.Select(p => "-p:" + p)]);
        Assert.NotEqual(0, ended);
        Assert.Contains($"error {code}: Consumer cannot be published with", said);
        Assert.Contains("the garbage collector then frees tensors that libtorch still uses", said);
        Assert.Contains(advice, said);
    }

    [Fact]
    public void AnUncuredProgramMayBePublishedSoByWhoeverSaysIt()
    {
        var (_, said) = Dotnet.Try(packed.Project, ["publish", .. quiet, "-p:PublishAot=true", "-p:TorchSharpUncured=true"]);
        Assert.DoesNotContain("LOWRANK003", said);   // what the native compiler says is another matter
    }

    [Fact]
    public void BuildingAProgramThatSaysPublishAotIsLetAlone() =>
        Assert.DoesNotContain("LOWRANK", Dotnet.Try(packed.Project, ["build", .. quiet, "-p:PublishAot=true"]).Said);

    [Fact]
    public void WhereTheBuildStepWasLeftOutTheProgramSaysSo()
    {
        string beside = Path.Combine(packed.Project, "uncured"), settings = Path.Combine(beside, "Consumer.runtimeconfig.json");
        Dotnet.Run(packed.Project, ["build", .. quiet, "-o", beside, "-p:TorchSharpUncured=true", "-p:CreateHardLinksForCopyLocalIfPossible=true"]);
        string said = File.ReadAllText(settings);
        Assert.Contains(EngineCure.Waiver, said);
        File.WriteAllText(settings, said.Replace(EngineCure.Waiver, "Lowrank.Nothing", StringComparison.Ordinal));

        (int code, said) = Dotnet.Try(beside, "Consumer.dll");
        Assert.NotEqual(0, code);
        Assert.Contains("TorchSharp.dll is not the cured copy: the garbage collector frees tensors", said);
        Assert.Contains(EngineCure.Waiver, said);
    }

    // The SDK's own default for it is a composite.
    [Fact]
    public void ASingleFileOfReadyToRunCodeIsNoComposite()
    {
        string[] properties = ["PublishSingleFile=true", "PublishReadyToRun=true", "SelfContained=true", "RuntimeIdentifier=linux-x64"];
        string said = Dotnet.Run(packed.Project, ["msbuild", "-getProperty:PublishReadyToRunComposite", .. properties.Select(p => "-p:" + p)]);
        Assert.Equal("false", said);
    }
}
