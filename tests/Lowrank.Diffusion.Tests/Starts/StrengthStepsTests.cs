namespace Lowrank.Diffusion.Tests;

/// <summary>Steps of a picture that is changed in part.</summary>
public class StrengthStepsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void TheLastStepsOfTheScheduleAreMade(int steps)
    {
        for (double strength = 0; strength <= 1; strength += 0.05)
        {
            var share = StrengthSteps.OfShare(steps, strength);
            Assert.Equal(steps, share.First + share.Evaluations);
            Assert.InRange(share.Evaluations, 1, steps);
            if (strength > 0) Assert.Equal(steps, StrengthSteps.Exactly(steps, strength).Evaluations);
        }
    }
}
