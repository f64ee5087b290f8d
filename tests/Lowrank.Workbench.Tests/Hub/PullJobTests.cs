using System.Security.Cryptography;

namespace Lowrank.Workbench.Tests;

/// <summary>Fetching from a server that speaks as the hub does, into a cache that other programs read.</summary>
public sealed class PullJobTests : IDisposable
{
    const string Repository = "some-body/style_1.5";

    readonly HubServer server = new();
    readonly TemporaryFolder cache = new();
    readonly byte[] large = RandomNumberGenerator.GetBytes(300_000);

    public PullJobTests() => server.Add(Repository, "ink.safetensors", large);

    public void Dispose()
    {
        server.Dispose();
        cache.Dispose();
    }

    HubSettings Settings => new() { Endpoint = new(server.Endpoint + "/"), Cache = cache.Path, Pause = TimeSpan.FromMilliseconds(1), Patience = TimeSpan.FromSeconds(5) };

    PullReport Pull(string name = $"hf:{Repository}", HubSettings? settings = null) => Run(new(name), settings);

    PullReport Run(PullRequest request, HubSettings? settings = null) => new PullJob(settings ?? Settings).Run(request, null, TestContext.Current.CancellationToken);

    string Fault(string name = $"hf:{Repository}", HubSettings? settings = null) => Assert.Throws<LowrankException>(() => Pull(name, settings)).Message;

    string Find(string name) => HubPlaces.Find(name, variable => variable == "HF_HUB_CACHE" ? cache.Path : null);

    string Root => cache["models--some-body--style_1.5"];

    string Incomplete => Path.Combine(Root, "blobs", server.HashOf(large) + ".incomplete");

    [Fact]
    public void WhatIsFetchedLiesAsOtherProgramsExpectIt()
    {
        server.Add(Repository, "README.md", "words");
        var report = Pull($"{Repository}//ink.safetensors");
        string place = Path.Combine(Root, "snapshots", server.Commit, "ink.safetensors");
        Assert.Equal((place, server.Commit, 300_000L, 300_000L), (report.Place, report.Commit, report.Bytes, report.Fetched));
        Assert.Equal(large, File.ReadAllBytes(place));
        Assert.Equal($"../../blobs/{server.HashOf(large)}", new FileInfo(place).LinkTarget);
        Assert.Equal(server.Commit, File.ReadAllText(Path.Combine(Root, "refs", "main")));
        Assert.True(File.Exists(cache["CACHEDIR.TAG"]));
        Assert.Equal([server.HashOf(large)], Directory.EnumerateFiles(Path.Combine(Root, "blobs")).Select(Path.GetFileName));
        Assert.Equal(place, Find($"hf:{Repository}"));
        Assert.Equal(place, Find($"hf:{Repository}@main//ink.safetensors"));
        Assert.Equal(place, Find($"hf:{Repository}@{server.Commit}"));
    }

    [Fact]
    public void ASecondCallFetchesNothingAndANewCommitOnlyWhatIsNew()
    {
        server.Add(Repository, "adapter_config.json", "{}").Add(Repository, "adapter_model.safetensors", large);
        Pull();
        int before = Asked("/resolve/");
        Assert.Equal(0, Pull().Fetched);
        Assert.Equal(before, Asked("/resolve/"));
        server.Commit = new('d', 40);
        server.Add(Repository, "adapter_config.json", "{ }");
        Assert.Equal(3, Pull().Fetched);
        Assert.Equal(before + 1, Asked("/resolve/"));
        Assert.Equal(server.Commit, Path.GetFileName(Find($"hf:{Repository}")));
        Assert.Equal(new('c', 40), Path.GetFileName(Find($"hf:{Repository}@{new string('c', 40)}")));
    }

    int Asked(string part) => server.Requests.Count(request => request.Target.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]   // as long as each brings something
    public void ACutTransferGoesOnWhereItStopped(int times)
    {
        server.Cut("ink.safetensors", 20_000, times);
        Pull();
        Assert.Equal(large, File.ReadAllBytes(Find($"hf:{Repository}")));
        var asked = server.Requests.Where(request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal)).ToList();
        Assert.Equal(times + 1, asked.Count);
        Assert.Equal($"bytes={20_000 * times}-", asked[^1]["Range"]);
        Assert.StartsWith("\"cdn-", asked[^1]["If-Range"]);
        Assert.False(File.Exists(Incomplete));
    }

    [Fact]
    public void WhatBringsNothingAnyMoreIsGivenUpAndTheNextCallGoesOn()
    {
        server.Cut("ink.safetensors", 50_000, 1);
        server.Instead = request => request["Range"] is null || !request.Target.StartsWith("/cdn/", StringComparison.Ordinal) ? null : new(206, new byte[9], ("Content-Range", "bytes 50000-299999/300000")) { CutAt = 0, Length = 250_000 };
        string fault = Fault();
        Assert.Contains("5 times in a row", fault);
        Assert.Contains("50.0 kB of 300.0 kB", fault);
        Assert.Contains("goes on from there", fault);
        Assert.Equal(50_000, new FileInfo(Incomplete).Length);
        Assert.Throws<LowrankException>(() => Find($"hf:{Repository}"));
        server.Instead = null;
        Assert.Equal(250_000, Pull().Fetched);
        Assert.Equal(large, File.ReadAllBytes(Find($"hf:{Repository}")));
    }

    [Fact]
    public void AServerThatTakesNoRangesSendsTheWholeAgain()
    {
        server.TakesRanges = false;
        server.Cut("ink.safetensors", 20_000, 2);
        Pull();
        Assert.Equal(large, File.ReadAllBytes(Find($"hf:{Repository}")));
    }

    [Fact]
    public void ALeftoverOfOtherBytesIsNotBelieved()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Incomplete)!);
        File.WriteAllBytes(Incomplete, new byte[100_000]);
        Pull();
        Assert.Equal(large, File.ReadAllBytes(Find($"hf:{Repository}")));
        server.Add(Repository, "small.bin", "text");
        Assert.Equal("text", File.ReadAllText(Pull($"hf:{Repository}//small.bin").Place!));
    }

    [Theory]
    [InlineData("ink.safetensors", "/cdn/")]
    [InlineData("small.json", "/small.json")]
    public void BytesOfAnotherHashAreNotKept(string file, string at)
    {
        server.Add(Repository, "small.json", "{\"a\": 1}");
        int size = file == "ink.safetensors" ? large.Length : 8;
        server.Instead = request => request.Target.Contains(at, StringComparison.Ordinal) ? new(200, new byte[size]) : null;
        Assert.Contains("not what the hub's list says", Fault($"hf:{Repository}//{file}"));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Root, "blobs")), path => new FileInfo(path).Length > 0);
    }

    [Fact]
    public void TheTokenGoesToTheHubAndToNobodyElse()
    {
        server.Token = "hf_secret";
        Assert.Contains("set HF_TOKEN", Fault());
        Assert.Contains("wrong or may not", Fault(settings: Settings with { Token = "hf_other" }));
        Pull(settings: Settings with { Token = "hf_secret" });
        Assert.All(server.Requests.TakeLast(4), request => Assert.Equal(!request.Target.StartsWith("/cdn/", StringComparison.Ordinal), request["Authorization"] == "Bearer hf_secret"));
        Assert.Contains(server.Requests, request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsNotThereIsToldInItsOwnWords()
    {
        Assert.Contains("There is no no/body on 127.0.0.1", Fault("hf:no/body"));
        Assert.Contains("no revision 'v9'", Fault($"hf:{Repository}@v9"));
        Assert.Contains("has no ink.safetensor. Nearest: ink.safetensors", Fault($"hf:{Repository}//ink.safetensor"));
        server.Gated.Add(Repository);
        string gated = Fault();
        Assert.Contains("is gated", gated);
        Assert.Contains($"{server.Endpoint}/{Repository}", gated);
        Assert.Contains("HF_TOKEN", gated);
        Assert.Contains("cannot be reached", Fault(settings: Settings with { Endpoint = new("http://127.0.0.1:1/") }));
        Assert.DoesNotContain(Directory.EnumerateFiles(cache.Path, "*", SearchOption.AllDirectories), path => path.EndsWith(".safetensors", StringComparison.Ordinal));
    }

    [Fact]
    public void ABusyServerIsAskedAgain()
    {
        int busy = 3;
        server.Instead = _ => busy-- > 0 ? HubResponse.Text(busy == 1 ? 503 : 429, "", ("Retry-After", "0")) : null;
        var told = new List<JobEvent>();
        var report = new PullJob(Settings).Run(new($"hf:{Repository}"), new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);
        Assert.Equal(300_000, report.Fetched);
        Assert.Equal("asking 127.0.0.1", told.OfType<JobProgress>().First().Stage);
        Assert.Equal(3, told.OfType<JobNote>().Count(note => note.Text.Contains("; once more in ", StringComparison.Ordinal)));
        busy = int.MaxValue;
        Assert.Contains("answered 429", Fault());
    }

    [Fact]
    public void ASilentServerIsNotWaitedForForever()
    {
        server.Instead = request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal) ? new(200, large) { CutAt = 10, Stall = TimeSpan.FromSeconds(3) } : null;
        var impatient = Settings with { Patience = TimeSpan.FromMilliseconds(500) };
        Assert.Matches("sent nothing for 0.5 s|did not answer within 0.5 s", Fault(settings: impatient));
    }

    [Fact]
    public void NothingIsFetchedWhereThatIsForbidden()
    {
        var offline = Settings with { IsOffline = true };
        Assert.Contains("HF_HUB_OFFLINE", Fault(settings: offline));
        Assert.Empty(server.Requests);
        Pull();
        int asked = server.Requests.Count;
        Assert.Equal(Find($"hf:{Repository}"), Pull(settings: offline).Place);
        var patterned = Run(new(Repository) { Include = ["*.json"] }, offline);
        Assert.Contains(patterned.Notes, note => note.StartsWith("`include` *.json: not used, as nothing is fetched"));
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public void WithoutLinksTheSnapshotHasTheBytesThemselves()
    {
        server.Add(Repository, "adapter_config.json", "{}").Add(Repository, "adapter_model.safetensors", large).Add(Repository, "tokenizer.json", "{}");
        var settings = Settings with { UsesLinks = false };
        Pull(settings: settings);
        string place = Find($"hf:{Repository}");
        Assert.Equal(large, File.ReadAllBytes(Path.Combine(place, "adapter_model.safetensors")));
        Assert.All(Directory.EnumerateFiles(place), path => Assert.Null(new FileInfo(path).LinkTarget));
        Assert.Equal(0, Pull(settings: settings).Fetched);
    }

    [Fact]
    public void ADryRunTouchesNothing()
    {
        var report = Run(new($"hf:{Repository}") { DryRun = true });
        Assert.Equal(new PulledFile("ink.safetensors", 300_000, 0), Assert.Single(report.Files));
        Assert.Null(report.Place);
        Assert.Empty(Directory.EnumerateFileSystemEntries(cache.Path));
    }

    [Fact]
    public void AListInPagesIsReadToItsEnd()
    {
        for (int i = 0; i < 25; i++) server.Add(Repository, $"more/{i:00}.txt", $"{i}");
        server.PageSize = 4;
        Assert.Equal(25, Run(new(Repository) { Include = ["more/*"] }).Files.Count);
    }

    [Fact]
    public void StoppedItKeepsWhatArrivedAndGoesOn()
    {
        using var stop = new CancellationTokenSource();
        server.Instead = request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal) ? new(200, large) { CutAt = 70_000, Stall = TimeSpan.FromSeconds(2) } : null;
        var listener = new Reported<JobEvent>(told =>
        {
            if (told is JobProgress { Done: >= 70_000 }) stop.Cancel();
        });
        var stopped = Assert.Throws<StoppedException>(() => new PullJob(Settings).Run(new(Repository), listener, stop.Token));
        Assert.Contains("goes on from there", stopped.Message);
        Assert.Equal(70_000, new FileInfo(Incomplete).Length);
        server.Instead = null;
        Assert.Equal(230_000, Pull().Fetched);
    }

    [Fact]
    public void TwoThatFetchTheSameFetchItOnce()
    {
        server.Instead = request =>
        {
            if (request.Target.StartsWith("/cdn/", StringComparison.Ordinal)) Thread.Sleep(300);
            return null;
        };
        Parallel.For(0, 3, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, _ => Pull());
        Assert.Equal(1, Asked("/cdn/"));
        Assert.Equal(large, File.ReadAllBytes(Find($"hf:{Repository}")));
    }

    [Fact]
    public void ACacheThatHasAPartSaysHowTheRestIsFetched()
    {
        server.Add(Repository, "adapter_config.json", "{}").Add(Repository, "adapter_model.safetensors", large);
        Run(new(Repository) { Include = ["*.json"] });
        string fault = Assert.Throws<LowrankException>(() => Find($"hf:{Repository}")).Message;
        Assert.Contains($"lowrank pull hf:{Repository}", fault);
        Assert.Contains("nothing is fetched unasked", Assert.Throws<LowrankException>(() => Find("hf:no/body//x")).Message);
    }

    [Fact]
    public void ANameIsAskedForWithItsFaults()
    {
        string[] Faults(PullRequest request) => [.. request.Faults()];
        Assert.Empty(Faults(new("a/b") { Revision = "v1" }));
        Assert.Contains("two revisions", Assert.Single(Faults(new("hf:a/b@v2") { Revision = "v1" })));
        Assert.Contains("revision", Assert.Single(Faults(new("hf:a/b") { Revision = "../x" })));
        Assert.Contains("no pattern", Assert.Single(Faults(new("hf:a/b") { Include = ["[z-a]"] })));
        Assert.Contains("owner", Assert.Single(Faults(new("b"))));
    }
}
