namespace Lowrank.Language.Tests;

public class ToldFactsTests
{
    [Fact]
    public void ARepresentationIsItsSlotsAndAnyOtherTextIsNone()
    {
        (string, string)[] facts = [("name", "The Mill"), ("customer rating", "5 out of 5"), ("priceRange", "£20-25")];
        Assert.Equal(facts, ToldFacts.Of("name[The Mill], customer rating[5 out of 5], priceRange[£20-25]"));
        Assert.Empty(ToldFacts.Of("name : The Mill | food : Thai"));
        Assert.Empty(ToldFacts.Of("see page [3] of it"));
    }

    [Theory]
    [InlineData("name", "The Mill", "Near the river is the mill.", true)]
    [InlineData("name", "The Mill", "It is a windmill.", false)]
    [InlineData("area", "city centre", "It lies in the center of the city.", true)]
    [InlineData("area", "riverside", "It lies by the river.", true)]
    [InlineData("priceRange", "cheap", "A low-priced pub.", true)]
    [InlineData("priceRange", "high", "A pub with a high customer rating.", false)]
    [InlineData("priceRange", "more than £30", "Meals are over £30.", true)]
    [InlineData("customer rating", "5 out of 5", "Customers rate it highly, five stars.", true)]
    [InlineData("customer rating", "high", "It is in the high price range.", false)]
    [InlineData("familyFriendly", "yes", "A cheap, child-friendly pub.", true)]
    [InlineData("familyFriendly", "yes", "It is not family friendly.", false)]
    [InlineData("familyFriendly", "no", "It isn't for children.", true)]
    [InlineData("familyFriendly", "no", "It is no pub, and it welcomes families.", false)]
    public void AFactIsToldByItsWordsOrAsPeopleSayIt(string slot, string value, string text, bool isTold) =>
        Assert.Equal(isTold, ToldFacts.IsTold(slot, value, text));
}
