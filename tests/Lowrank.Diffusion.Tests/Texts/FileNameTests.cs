namespace Lowrank.Diffusion.Tests;

public sealed class FileNameTests
{
    sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 3, 1, 12, 4, 56, 789, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("here", TimeSpan.FromHours(-5), "here", "here");
    }

    static readonly FileNameFacts facts = new(8, 6, new byte[144]) { Seed = 7, Prompt = "a fox, snow", Clock = new StoppedClock() };

    static string Name(string pattern) => new FileNamePattern(pattern).Apply(facts);

    [Theory]
    [InlineData("[date]", "2024-03-01")]
    [InlineData("[datetime]", "20240301070456")]
    [InlineData("[datetime<%H-%M>]", "07-04")]
    [InlineData("[datetime<%Y_%m_%d %H-%M-%S><Asia/Tokyo>]", "2024_03_01 21-04-56")]
    [InlineData("[DateTime<><UTC>]", "20240301120456")]
    [InlineData("[datetime<%a %A %b %B %j %y %I%p %f><UTC>]", "Fri Friday Mar March 061 24 12PM 789000")]
    [InlineData("[datetime<%U %W %V %G %u %w %% %q %e><UTC>]", "08 09 09 2024 5 5 % %q  1")]
    [InlineData("[datetime<%z %Z>]", "-0500 UTC-05_00")]
    [InlineData("[datetime<%T>]", "07_04_56")]
    public void TimesAreTheClocks(string pattern, string name) => Assert.Equal(name, Name(pattern));

    [Theory]
    [InlineData("[steps]")]
    [InlineData("[cfg]-[sampler]-[scheduler]")]
    [InlineData("[seed<1>]")]
    [InlineData("[image_hash<x>]")]
    public void WhatCannotBeToldStaysAsItStands(string pattern) => Assert.Equal(pattern.Replace("<1>", "").Replace("<x>", ""), Name(pattern));

    [Fact]
    public void UnknownWordsAndZonesAreNamedBefore()
    {
        var faults = new FileNamePattern("[sed]-[datetime<%H><Asia/Tokio>]-[seed]").Faults;
        Assert.Equal(2, faults.Count);
        Assert.Contains("nearest: seed", faults[0]);
        Assert.Contains("Asia/Tokio", faults[1]);
        Assert.Empty(new FileNamePattern("[SEED]-[datetime<%H><Asia/Tokyo>]-plain").Faults);
    }

    [Fact]
    public void NumbersGoOnAndNamesThatAreTakenAreNotTakenAgain()
    {
        var naming = new FileNaming { FolderPattern = "x", Pattern = "[seed]" };
        string[] there = ["00004-7.png", "00009-8.png", "notes.txt", "00010-7.png.txt"];
        Assert.Equal("x/00011-7.png", naming.PathOf(facts, "png", folder => folder == "x" ? there : []));
        Assert.Equal("x/00000-7.png", naming.PathOf(facts, "png", _ => []));
        Assert.Equal("x/grid-0000-7.webp", naming.PathOf(facts with { BaseName = "grid" }, "webp", _ => there));
    }

    [Fact]
    public void AParameterlessNameThatIsEmptyGetsItsNumber() =>
        Assert.Equal("00000.png", new FileNaming { IntoFolders = false, AddsNumber = false, Pattern = "[none]" }.PathOf(facts, "png", _ => []));

    [Fact]
    public void LongNamesAreCutToWhatFileSystemsTake()
    {
        var naming = new FileNaming { IntoFolders = false, Pattern = "sub/[prompt]-[prompt]-[prompt]" };
        string path = naming.PathOf(facts with { Prompt = new string('狐', 200) }, "png", _ => []);
        Assert.StartsWith("00000-sub/狐狐", path);
        Assert.EndsWith(".png", path);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(Path.GetFileName(path)) <= 255);
    }

    [Theory]
    [InlineData("../../etc", ".._.._etc")]
    [InlineData("🦊 fox. ", "🦊_fox._")]
    [InlineData("CON:", "CON_")]
    public void PartsHoldNoSignsOfFileSystems(string text, string part) => Assert.Equal(part, FileNamePart.Of(text));

    [Fact]
    public void APartHasAtMost128Letters() => Assert.Equal(string.Concat(Enumerable.Repeat("🦊", 128)), FileNamePart.Of(string.Concat(Enumerable.Repeat("🦊", 300))));

    [Fact]
    public void BackslashesDoNotPartWords() => Assert.Equal("a_b c", FileNamePart.Words("a\\b-c", 8));

    [Fact]
    public void ThePatternOfAFolderMayHaveNothingToSay() =>
        Assert.Equal("00000-7-a fox, snow.png", new FileNaming { FolderPattern = "[none] /", IntoFolders = false }.PathOf(facts, "png", _ => []));

    [Theory]
    [InlineData("[seed", "[seed")]
    [InlineData("x[date]-seed]", "-seed]")]
    public void BracketsWithoutTheirOtherOneAreNamedBefore(string pattern, string told) =>
        Assert.Contains($"\"{told}\" holds a bracket", Assert.Single(new FileNamePattern(pattern).Faults));
}
