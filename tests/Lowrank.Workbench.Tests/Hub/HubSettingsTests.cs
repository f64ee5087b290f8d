namespace Lowrank.Workbench.Tests;

public class HubSettingsTests
{
    static HubSettings Of(params (string Name, string Value)[] variables)
    {
        var all = variables.ToDictionary(pair => pair.Name, pair => pair.Value);
        all.TryAdd("HOME", "/home/somebody");
        return HubSettings.Of(all.GetValueOrDefault);
    }

    [Theory]
    [InlineData("/home/somebody/.cache/huggingface/hub", "")]
    [InlineData("/x/huggingface/hub", "XDG_CACHE_HOME=/x")]
    [InlineData("/h/hub", "XDG_CACHE_HOME=/x HF_HOME=/h")]
    [InlineData("/c", "XDG_CACHE_HOME=/x HF_HOME=/h HF_HUB_CACHE=/c")]
    [InlineData("/old", "HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old")]
    [InlineData("/home/somebody/mine/hub", "HF_HOME=~/mine")]
    [InlineData("/home/somebody/.cache/huggingface/hub", "HF_HOME= HF_HUB_CACHE=")]
    public void TheCacheIsWhereOtherProgramsLookForIt(string cache, string variables) => Assert.Equal(Path.GetFullPath(cache), Of(Split(variables)).Cache);

    [Fact]
    public void TheTokenIsTheVariablesOrElseTheFiles()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["token"], "hf_file\n");
        File.WriteAllText(folder["other"], "hf_other\n");
        Assert.Null(Of(("HF_HOME", folder["nowhere"])).Token);
        Assert.Equal("hf_file", Of(("HF_HOME", folder.Path)).Token);
        Assert.Equal("hf_other", Of(("HF_HOME", folder.Path), ("HF_TOKEN_PATH", folder["other"])).Token);
        Assert.Equal("hf_told", Of(("HF_HOME", folder.Path), ("HF_TOKEN", " hf_told\n")).Token);
        Assert.Null(Of(("HF_HOME", folder.Path), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        var error = Assert.Throws<LowrankException>(() => Of(("HF_TOKEN", "secret words")));
        Assert.DoesNotContain("secret", error.Message);
    }

    [Theory]
    [InlineData("HF_ENDPOINT=nowhere")]
    [InlineData("HF_ENDPOINT=ftp://x")]
    [InlineData("HF_ENDPOINT=https://me:secret@x")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT=soon")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT=0")]
    public void WhatCannotBeIsAnError(string variables) => Assert.Contains(variables.Split('=')[0], Assert.Throws<LowrankException>(() => Of(Split(variables))).Message);

    [Fact]
    public void TheRestIsHeeded()
    {
        var plain = Of();
        Assert.Equal(("https://huggingface.co/", false, true), (plain.Endpoint.ToString(), plain.IsOffline, plain.UsesLinks));
        var told = Of(Split("HF_ENDPOINT=http://127.0.0.1:8000/hub/ HF_HUB_OFFLINE=1 HF_HUB_DISABLE_SYMLINKS=true HF_HUB_DOWNLOAD_TIMEOUT=2"));
        Assert.Equal(("http://127.0.0.1:8000/hub/", true, false, 2.0), (told.Endpoint.ToString(), told.IsOffline, told.UsesLinks, told.Patience.TotalSeconds));
        Assert.True(Of(("TRANSFORMERS_OFFLINE", "yes")).IsOffline);
        Assert.False(Of(("HF_HUB_OFFLINE", "0")).IsOffline);
    }

    static (string, string)[] Split(string variables) =>
        [.. variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]))];
}
