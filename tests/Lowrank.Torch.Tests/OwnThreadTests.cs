namespace Lowrank.Torch.Tests;

public class OwnThreadTests
{
    const long Small = 256 * 128 * 8, Large = 4096 * 1280 * 8;

    [Fact]
    public void IsKnownOnLinux() => Assert.True(OpenMp.IsKnown || !OperatingSystem.IsLinux());

    [Fact]
    public void ASmallProductHasOneThreadAndTheNextAllOfThem() => WithThreads(2, () =>
    {
        using (OwnThread.For(Small))
        {
            Assert.Equal(1, OpenMp.Threads);
            using (OwnThread.For(Small)) Assert.Equal(1, OpenMp.Threads);
            Assert.Equal(1, OpenMp.Threads);
        }
        Assert.Equal(2, OpenMp.Threads);
        using (OwnThread.For(Large)) Assert.Equal(2, OpenMp.Threads);
        Assert.Equal(2, OpenMp.Threads);
    });

    [Fact]
    public void OtherThreadsKeepTheirs() => WithThreads(2, () =>
    {
        int elsewhere = 0;
        using (OwnThread.For(Small))
        {
            var other = new Thread(() =>
            {
                _ = get_num_threads();   // a new thread has the machine's number, and takes libtorch's when that is first asked for
                elsewhere = OpenMp.Threads;
            });
            other.Start();
            other.Join();
        }
        Assert.Equal(2, elsewhere);
    });

    [Fact]
    public void AFailureWithinGivesThemBack() => WithThreads(2, () =>
    {
        Assert.Throws<InvalidOperationException>(Failing);
        Assert.Equal(2, OpenMp.Threads);

        static void Failing()
        {
            using var block = OwnThread.For(Small);
            throw new InvalidOperationException();
        }
    });

    static void WithThreads(int threads, Action body)
    {
        Assert.SkipUnless(OpenMp.IsKnown, "libtorch's threads cannot be asked for here");
        int before = get_num_threads();
        set_num_threads(threads);
        try { body(); }
        finally { set_num_threads(before); }
    }
}
